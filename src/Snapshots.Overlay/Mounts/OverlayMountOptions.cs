namespace Containerd.Snapshots.Overlay;

/// <summary>What an operator can choose about overlay mounts.</summary>
public sealed record OverlayMountOptions
{
    /// <summary>
    /// Options that every overlay mount gets, each as in fstab, such as <c>metacopy=on</c>. Bind mounts do not
    /// get them. <c>index=...</c> replaces the default <c>index=off</c>. Empty for none.
    /// </summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>
    /// Whether snapshots with the labels for id mapping get mounts that map ids. containerd 2 and newer does so for a
    /// plugin that is configured with the capability <c>remap-ids</c>; older ones do not know such mounts.
    /// </summary>
    public bool RemapIds { get; init; }
}
