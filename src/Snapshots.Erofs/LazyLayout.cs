namespace Containerd.Snapshots.Erofs;

/// <summary>A layer's image as its table of contents describes it: the metadata is written, the contents are still missing.</summary>
/// <param name="Chunks">The chunks that the contents come in, ordered by their offsets both in the image and in the blob.</param>
/// <param name="ImageLength">The length of the image, in bytes.</param>
/// <param name="UnpackedSize">The bytes that the image will take on the disk: its used blocks, without holes.</param>
/// <param name="Files">The number of files of all types, the root included.</param>
public sealed record LazyLayout(IReadOnlyCollection<LazyChunk> Chunks, long ImageLength, long UnpackedSize, int Files)
{
    /// <summary>
    /// Where in the image those contents end that the image's author wants first, in bytes: the place of the landmark
    /// <c>.prefetch.landmark</c>. 0 if there are none, or the author says nothing.
    /// </summary>
    public long PrefetchEnd { get; init; }

    /// <summary>As in <see cref="ErofsLayerDigests.ImpliedDirectories"/>.</summary>
    public IReadOnlyList<string> ImpliedDirectories { get; init; } = [];

    /// <summary>The layer's disk usage, as containerd counts it, once all contents are there.</summary>
    public SnapshotUsage Usage => new(UnpackedSize, Files);
}
