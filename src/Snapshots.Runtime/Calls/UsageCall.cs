using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Usage from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UsageCall : ReplyCall
{
    private readonly UsageRequest _request;

    internal UsageCall(UsageRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The snapshot's key, or name where it is committed.</summary>
    public string Key => _request.Key;

    internal UsageResponse Response { get; } = new();

    internal override string CallName => "Usage";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Key;

    internal override SnapshotResult Check() => WireLimits.CheckKey(_request.Key, "key");

    private protected override ValueTask Accept(object payload)
    {
        var usage = (SnapshotUsage)payload;
        Response.Size = usage.Size;
        Response.Inodes = usage.Inodes;
        return default;
    }
}
