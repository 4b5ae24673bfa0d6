using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>Creates a request's <see cref="SnapshotContext"/>, for methods that have such a parameter.</summary>
internal static class CallContext
{
    private const string Namespace = "containerd-namespace", Lease = "containerd-lease";

    public static SnapshotContext Read(HttpContext http, RunningCall running, string snapshotter) => new()
    {
        Snapshotter = snapshotter,
        Namespace = Header(http, Namespace),
        Lease = Header(http, Lease),
        Deadline = DateTimeOffset.UtcNow + Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), running.Deadline),
        PeerUid = PeerOf(http)?.Uid,
        Leave = running.Leave,
    };

    private static string? Header(HttpContext http, string name) =>
        http.Request.Headers[name] is { Count: > 0 } values ? values[^1] : null;

    private static PeerCredentials? PeerOf(HttpContext http) =>
        http.Features.Get<PeerCredentials>() ?? PeerCredentials.Of(http.Features);
}
