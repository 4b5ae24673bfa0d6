using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A Cleanup from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CleanupCall : EmptyCall
{
    private readonly CleanupRequest _request;

    internal CleanupCall(CleanupRequest request, ServerCallContext grpc)
        : base(grpc) => _request = request;

    internal override string CallName => "Cleanup";

    internal override string Snapshotter => _request.Snapshotter;
}
