using Containerd.Snapshots.Overlay;

namespace Samples.Overlay;

/// <summary>The operator's options.</summary>
public sealed record OverlaySnapshotterOptions
{
    /// <summary>
    /// Whether Commit waits until the layer's files are on disk. Otherwise the kernel writes them within half a minute; a power
    /// cut before that can leave a committed snapshot with empty files, as with containerd's own overlay snapshotter.
    /// </summary>
    public bool SyncLayers { get; init; }

    /// <summary>The options for all mounts.</summary>
    public OverlayMountOptions Mounts { get; init; } = new();
}
