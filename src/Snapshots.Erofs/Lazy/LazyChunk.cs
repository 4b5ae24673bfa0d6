namespace Containerd.Snapshots.Erofs;

/// <summary>A part of a file's content: where it belongs in the layer's image, and where its bytes are in the layer's blob.</summary>
/// <param name="Offset">Where the chunk begins in the image, in bytes.</param>
/// <param name="Length">The number of unpacked bytes, 1 to <see cref="MaxLength"/>.</param>
/// <param name="BlobOffset">Where the compressed member or frame that holds the chunk begins in the blob, in bytes.</param>
/// <param name="BlobEnd">
/// Where the next known member, frame or part of the blob begins, in bytes; the chunk's compressed bytes end there or before.
/// </param>
/// <param name="InnerOffset">The number of unpacked bytes of the member before the chunk; mostly 0.</param>
/// <param name="Digest">The hash of the chunk's unpacked bytes.</param>
public readonly record struct LazyChunk(long Offset, int Length, long BlobOffset, long BlobEnd, long InnerOffset, ChunkDigest Digest)
{
    /// <summary>
    /// The greatest length of a chunk, in bytes: 32 MiB. A chunk is verified as a whole in memory. Writers of eStargz make
    /// chunks of at most 4 MiB unless they are told otherwise.
    /// </summary>
    public const int MaxLength = 32 << 20;

    /// <summary>Where the chunk ends in the image, in bytes.</summary>
    public long End => Offset + Length;
}
