namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>A call, as logs, metrics and traces see it.</summary>
internal interface IObservedCall
{
    /// <summary>The name as snapshotters spell it: <c>Walk</c>, not <c>List</c>.</summary>
    string CallName { get; }

    /// <summary>The service and method, separated by a slash.</summary>
    string Method { get; }

    /// <summary>The key or name that the call is about; empty for Walk and Cleanup.</summary>
    string Subject { get; }

    /// <summary>When it began, as a timestamp.</summary>
    long Started { get; }

    /// <summary>Success until something fails.</summary>
    SnapshotResult Outcome { get; }

    /// <summary>The exception that made it fail, or null.</summary>
    Exception? Cause { get; }

    /// <summary>Whether the caller has given up, or the time is up.</summary>
    bool IsCanceled { get; }
}
