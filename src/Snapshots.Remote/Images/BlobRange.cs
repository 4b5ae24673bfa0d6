namespace Containerd.Snapshots.Remote;

/// <summary>A part of a blob.</summary>
/// <param name="Start">Its first byte, 0 or more.</param>
/// <param name="End">The byte behind its last one, above <paramref name="Start"/> and at most the blob's size.</param>
public readonly record struct BlobRange(long Start, long End)
{
    /// <summary>
    /// Whether the host is asked last that sent the latest part of the same blob: for a caller that found that part wrong. False
    /// by default.
    /// </summary>
    public bool AvoidsLastHost { get; init; }
}
