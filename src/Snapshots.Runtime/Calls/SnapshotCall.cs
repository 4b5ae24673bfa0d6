using System.ComponentModel;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Insight;
using Containerd.Snapshots.Runtime.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>
/// One call from containerd: its arguments, as read off the wire, and where its outcome goes. For emitted code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SnapshotCall : IObservedCall
{
    private const int SnapshotterField = 1;

    private HttpContext? _http;
    private RunningCall? _running;
    private SnapshotContext? _context;

    private protected SnapshotCall()
    {
    }

    /// <summary>What is known about the call besides its arguments.</summary>
    public SnapshotContext Context => _context ??= CallContext.Read(_http!, Running, Snapshotter);

    /// <summary>Canceled when the caller goes away, gives up or runs out of time.</summary>
    public CancellationToken CancellationToken => Running.CancellationToken;

    /// <summary>Its way through the server.</summary>
    internal RunningCall Running => _running!;

    /// <summary>The call's name, as snapshotters spell it: <c>Walk</c>, not <c>List</c>.</summary>
    internal abstract string CallName { get; }

    /// <summary>The name of the plugin that is called.</summary>
    internal string Snapshotter { get; private set; } = "";

    /// <summary>The key or name that the call is about; empty for Walk and Cleanup.</summary>
    internal virtual string Subject => "";

    /// <summary>What is wrong with the request's bytes; null if nothing is.</summary>
    internal string? Malformed { get; private set; }

    /// <summary>Success until something fails.</summary>
    internal SnapshotResult Outcome { get; private set; }

    /// <summary>The exception that made it fail, or null.</summary>
    internal Exception? Cause { get; private set; }

    /// <summary>Whether the caller has given up, or run out of time.</summary>
    internal bool IsCanceled => Running.IsCanceled;

    string IObservedCall.CallName => CallName;

    string IObservedCall.Method => Running.Method.FullName;

    string IObservedCall.Subject => Subject;

    long IObservedCall.Started => Running.Started;

    SnapshotResult IObservedCall.Outcome => Outcome;

    Exception? IObservedCall.Cause => Cause;

    bool IObservedCall.IsCanceled => IsCanceled;

    /// <summary>Takes its place on the request that it was read from.</summary>
    internal void Attach(HttpContext http)
    {
        _http = http;
        _running = http.Features.GetRequiredFeature<RunningCall>();
    }

    /// <summary>Reads the request; what cannot be read is said by <see cref="Malformed"/>.</summary>
    internal void Read(ReadOnlySpan<byte> request)
    {
        try
        {
            var reader = new WireReader(request);
            while (reader.MoveNext())
                ReadField(ref reader);
        }
        catch (WireFormatException exception)
        {
            Malformed = exception.Message;
        }
    }

    /// <summary>What is wrong with the request by itself, whatever snapshotter gets it.</summary>
    internal virtual SnapshotResult Check() => SnapshotResult.Success;

    /// <summary>Lets a snapshotter answer it.</summary>
    internal abstract ValueTask AnswerAsync(SnapshotterService service);

    /// <summary>Writes the response.</summary>
    internal virtual void Write(WireWriter output)
    {
    }

    internal void Fail(SnapshotResult failure) => Outcome = failure;

    internal void Fail(Exception exception)
    {
        Cause = exception;
        Fail(ErrorTranslation.ToFailure(exception, IsCanceled, Running.IsTimedOut));
    }

    /// <summary>Reads a field of the request, or passes over it: the name of the snapshotter comes first in all of them.</summary>
    private protected virtual void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(SnapshotterField))
            Snapshotter = reader.ReadText();
        else
            reader.Skip();
    }

    /// <summary>Fails because the snapshotter's method returned null where its declaration rules that out.</summary>
    private protected ValueTask FailOnNull()
    {
        Fail(SnapshotResult.Failure(SnapshotterError.Internal, $"the snapshotter's {CallName} returned null, which its declaration rules out"));
        return default;
    }
}
