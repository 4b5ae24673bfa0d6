using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Remove from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoveCall : EmptyCall
{
    private readonly RemoveSnapshotRequest _request;

    internal RemoveCall(RemoveSnapshotRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key => _request.Key;

    internal override string CallName => "Remove";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(_request.Key, "key");
}
