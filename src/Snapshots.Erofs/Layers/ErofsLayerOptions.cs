namespace Containerd.Snapshots.Erofs;

/// <summary>Options of <see cref="ErofsLayer"/>. The limits bound what a hostile layer takes.</summary>
public sealed record ErofsLayerOptions
{
    /// <summary>Whether overlay file systems in a user namespace use the image; see <see cref="ErofsWriter"/>.</summary>
    public bool UserNamespace { get; init; }

    /// <summary>
    /// Whether the layer's own digest is computed; true by default. Without it <see cref="ErofsLayerDigests.Digest"/> is null:
    /// for a caller that checks the digest of what it hands over.
    /// </summary>
    public bool ComputesDigest { get; init; } = true;

    /// <summary>
    /// Whether the image is on the disk when the method returns; true by default. The name of its file is the caller's to sync.
    /// </summary>
    public bool Syncs { get; init; } = true;

    /// <summary>
    /// The most bytes that the archive may have without compression; 64 GiB by default. The image is at most a few percent
    /// longer.
    /// </summary>
    public long MaxSize { get; init; } = 64L << 30;

    /// <summary>The most files of all types; 10,000,000 by default.</summary>
    public int MaxFiles { get; init; } = 10_000_000;

    /// <summary>
    /// About how many bytes of memory the names and attributes of the layer's files may take while it is read; 1 GiB by
    /// default, which some three million files take. A usual layer of 10,000 files takes 4 MB. A layer that is compressed by
    /// zstd takes up to 128 MiB beside it.
    /// </summary>
    public long MaxMemory { get; init; } = 1L << 30;

    /// <summary>
    /// Returns the attributes that the layers below have for a directory, or null if they have none there. It is asked for each
    /// of the layer's <see cref="ErofsLayerDigests.ImpliedDirectories"/>, by its path without a slash at the start, after the
    /// layer was read. Extended attributes <c>trusted.*</c> are left out. Null, the default, gives all such directories mode 755 and the owner root.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<ErofsAttributes?>>? FindDirectoryBelow { get; init; }
}
