using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Mounts from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MountsCall : ReplyCall
{
    private readonly MountsRequest _request;

    internal MountsCall(MountsRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The key of the active snapshot or view.</summary>
    public string Key => _request.Key;

    internal MountsResponse Response { get; } = new();

    internal override string CallName => "Mounts";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(_request.Key, "key");

    private protected override ValueTask Accept(object payload)
    {
        WireMapping.AddMounts(payload, Response.Mounts);
        return default;
    }
}
