using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Commit from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CommitCall : EmptyCall
{
    private readonly CommitSnapshotRequest _request;

    internal CommitCall(CommitSnapshotRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    /// <summary>The name of the committed snapshot to be.</summary>
    public string Name => _request.Name;

    /// <summary>The key of the active snapshot.</summary>
    public string Key => _request.Key;

    /// <summary>The name of the parent to rebase onto; empty for none (always, before containerd 2.3).</summary>
    public string Parent => _request.Parent;

    /// <summary>The labels of the committed snapshot; they replace those of the active one.</summary>
    public IReadOnlyDictionary<string, string> Labels => _request.Labels;

    internal override string CallName => "Commit";

    internal override string Snapshotter => _request.Snapshotter;

    internal override string Subject => _request.Key;

    internal override SnapshotResult Check()
    {
        var name = WireLimits.CheckKey(_request.Name, "name");
        return name.IsSuccess ? WireLimits.CheckKey(_request.Key, "key") : name;
    }
}
