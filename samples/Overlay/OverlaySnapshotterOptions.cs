using Containerd.Snapshots.Overlay;

namespace Samples.Overlay;

/// <summary>What an operator can choose.</summary>
public sealed record OverlaySnapshotterOptions
{
    /// <summary>
    /// Whether a layer's files are on disk before its commit is answered. Without it the kernel writes them within half a
    /// minute, and a power cut before that leaves a committed snapshot with empty files, as with containerd's own overlayfs.
    /// </summary>
    public bool SyncLayers { get; init; }

    /// <summary>How snapshots are mounted.</summary>
    public OverlayMountOptions Mounts { get; init; } = new();
}
