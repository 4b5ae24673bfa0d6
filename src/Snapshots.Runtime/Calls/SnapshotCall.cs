using System.ComponentModel;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>One call from containerd: its arguments, and where its outcome goes. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SnapshotCall
{
    private readonly HttpContext _http;
    private readonly RunningCall _running;
    private SnapshotContext? _context;

    private protected SnapshotCall(ServerCallContext grpc)
    {
        _http = grpc.GetHttpContext();
        _running = _http.Features.GetRequiredFeature<RunningCall>();
    }

    /// <summary>What is known about the call besides its arguments.</summary>
    public SnapshotContext Context => _context ??= CallContext.Read(_http, _running, Snapshotter);

    /// <summary>Canceled when the caller goes away, gives up or runs out of time.</summary>
    public CancellationToken CancellationToken => _running.CancellationToken;

    /// <summary>Its way through the server.</summary>
    internal RunningCall Running => _running;

    /// <summary>The call's name, as snapshotters spell it: <c>Walk</c>, not <c>List</c>.</summary>
    internal abstract string CallName { get; }

    /// <summary>The name of the plugin that is called.</summary>
    internal abstract string Snapshotter { get; }

    /// <summary>The key or name that the call is about; empty for Walk and Cleanup.</summary>
    internal virtual string Subject => "";

    /// <summary>Success until something fails.</summary>
    internal SnapshotResult Outcome { get; private set; }

    /// <summary>The exception that made it fail, or null.</summary>
    internal Exception? Cause { get; private set; }

    /// <summary>Whether the caller has given up, or run out of time.</summary>
    internal bool IsCanceled => _running.IsCanceled;

    /// <summary>What is wrong with the request by itself, whatever snapshotter gets it.</summary>
    internal virtual SnapshotResult Check() => SnapshotResult.Success;

    internal void Fail(SnapshotResult failure) => Outcome = failure;

    internal void Fail(Exception exception)
    {
        Cause = exception;
        Fail(ErrorTranslation.ToFailure(exception, IsCanceled, _running.IsTimedOut));
    }

    /// <summary>Fails because the snapshotter's method returned null where its declaration rules that out.</summary>
    private protected ValueTask FailOnNull()
    {
        Fail(SnapshotResult.Failure(SnapshotterError.Internal, $"the snapshotter's {CallName} returned null, which its declaration rules out"));
        return default;
    }
}
