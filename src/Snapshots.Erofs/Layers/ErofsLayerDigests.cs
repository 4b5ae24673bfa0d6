namespace Containerd.Snapshots.Erofs;

/// <summary>What was read of a layer, and what its image takes.</summary>
/// <param name="Digest">The digest of the layer as it was read; null if <see cref="ErofsLayerOptions.ComputesDigest"/> is false.</param>
/// <param name="DiffId">The digest of the archive, without compression. If the layer is not compressed, both are the same.</param>
/// <param name="Size">The length of the layer, in bytes.</param>
/// <param name="UnpackedSize">The bytes that the image takes on the disk: its used blocks, without holes.</param>
/// <param name="Files">The number of files of all types, the root included.</param>
public sealed record ErofsLayerDigests(SnapshotDigest? Digest, SnapshotDigest DiffId, long Size, long UnpackedSize, int Files)
{
    /// <summary>The length of the archive without compression, in bytes.</summary>
    public long ArchiveSize { get; init; }

    /// <summary>
    /// The paths of directories that files of the layer are in, and that no entry of the layer describes; at most 1,000 are
    /// listed. containerd gives them the attributes that they have in the layers below. If the layer has some, its image
    /// depends on these layers; see <see cref="ErofsLayerOptions.FindDirectoryBelow"/>.
    /// </summary>
    public IReadOnlyList<string> ImpliedDirectories { get; init; } = [];

    /// <summary>The layer's disk usage, as containerd counts it.</summary>
    public SnapshotUsage Usage => new(UnpackedSize, Files);
}
