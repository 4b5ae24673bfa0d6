namespace Containerd.Snapshots.Overlay;

/// <summary>The operator's options.</summary>
public sealed record OverlayOptions
{
    /// <summary>
    /// More options for every overlay mount, such as <c>metacopy=on</c>; empty (the default) for none. Bind mounts do not get
    /// them. <c>index=...</c> replaces the default <c>index=off</c>.
    /// </summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>
    /// Whether snapshots with labels for id mapping get mounts that map ids; false by default. containerd 2 and newer uses
    /// them for a plugin with the capability <c>remap-ids</c> in its configuration; older versions do not support them.
    /// </summary>
    public bool RemapIds { get; init; }

    /// <summary>
    /// Whether Commit waits until the layer's files are on disk; false by default. Otherwise the kernel writes them within half
    /// a minute; a power cut before that can leave a committed snapshot with empty files, as with containerd's own overlay
    /// snapshotter.
    /// </summary>
    public bool SyncLayers { get; init; }
}
