using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>An Update from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class UpdateCall : ReplyCall
{
    private readonly UpdateSnapshotRequest _request;
    private SnapshotInfo? _info;

    internal UpdateCall(UpdateSnapshotRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The name of the snapshot, and its labels to be.</summary>
    public SnapshotInfo Info => _info ??= WireMapping.FromWire(_request.Info);

    /// <summary>What to change, as <c>labels</c> or <c>labels.KEY</c>; empty for everything that can change.</summary>
    public IReadOnlyList<string> FieldPaths => _request.UpdateMask is { Paths: var paths } ? ValueList.Of(paths) : ValueList.Empty;

    internal UpdateSnapshotResponse Response { get; } = new();

    internal override string CallName => "Update";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Info?.Name ?? "";

    internal override SnapshotResult Check()
    {
        if (_request.Info is not { } info)
            return SnapshotResult.InvalidArgument("the request has no info: which snapshot to update, and its labels");

        var name = WireLimits.CheckKey(info.Name, "info's name");
        return name.IsSuccess ? WireMapping.CheckInfo(info) : name;
    }

    private protected override ValueTask Accept(object payload)
    {
        Response.Info = WireMapping.ToWire((SnapshotInfo)payload);
        return default;
    }
}
