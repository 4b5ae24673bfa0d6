using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>The data of a call for logs, metrics and traces.</summary>
internal interface IObservedCall
{
    /// <summary>The call's name in snapshotters: <c>Walk</c>, not <c>List</c>.</summary>
    string CallName { get; }

    /// <summary>The service and method, separated by a slash.</summary>
    string Method { get; }

    /// <summary>The key or name in the request; empty for Walk and Cleanup.</summary>
    string Subject { get; }

    /// <summary>The parent in the request; empty for none, and for calls without a parent.</summary>
    string Parent => "";

    /// <summary>The labels in the request.</summary>
    IReadOnlyDictionary<string, string> Labels => ValueDictionary.Empty;

    /// <summary>When the call began, as a <see cref="System.Diagnostics.Stopwatch"/> timestamp.</summary>
    long Started { get; }

    /// <summary>The call's outcome; success until it fails.</summary>
    SnapshotResult Outcome { get; }

    /// <summary>The exception that failed the call, or null.</summary>
    Exception? Cause { get; }

    /// <summary>Whether the caller canceled the call, or the call timed out.</summary>
    bool IsCanceled { get; }
}
