using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Prepare from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PrepareCall : ReplyCall
{
    private readonly PrepareSnapshotRequest _request;

    internal PrepareCall(PrepareSnapshotRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The key of the new snapshot.</summary>
    public string Key => _request.Key;

    /// <summary>The name of the committed snapshot to build on; empty for none.</summary>
    public string Parent => _request.Parent;

    /// <summary>The labels of the new snapshot, as sent.</summary>
    public IReadOnlyDictionary<string, string> Labels => _request.Labels;

    internal PrepareSnapshotResponse Response { get; } = new();

    internal override string CallName => "Prepare";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(_request.Key, "key");

    private protected override ValueTask Accept(object payload)
    {
        WireMapping.AddMounts(payload, Response.Mounts);
        return default;
    }
}
