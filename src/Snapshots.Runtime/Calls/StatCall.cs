using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Stat from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StatCall : ReplyCall
{
    private readonly StatSnapshotRequest _request;

    internal StatCall(StatSnapshotRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key => _request.Key;

    internal StatSnapshotResponse Response { get; } = new();

    internal override string CallName => "Stat";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(_request.Key, "key");

    private protected override ValueTask Accept(object payload)
    {
        Response.Info = WireMapping.ToWire((SnapshotInfo)payload);
        return default;
    }
}
