namespace Containerd.Snapshots.Erofs;

/// <summary>The limits of a <see cref="LazyImage"/>.</summary>
public sealed record LazyImageOptions
{
    /// <summary>How long a reader waits for a chunk before the read fails. Five minutes by default.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many compressed bytes are fetched at once, 1 MiB by default. A run has more only if a single chunk has more.
    /// </summary>
    public int MaxRunLength { get; init; } = 1 << 20;

    /// <summary>After how many stored bytes the image is synced, 64 MiB by default.</summary>
    public long SyncInterval { get; init; } = 64 << 20;

    /// <summary>
    /// Whether <see cref="LazyImage.Create"/> waits until the image, its table, and their names are on the disk. True by default;
    /// false for callers that sync several images at once.
    /// </summary>
    public bool SyncsAtCreation { get; init; } = true;

    /// <summary>The first pause after a failed fetch that a reader waits for, 250 ms by default. It doubles up to 20 times that.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Called when chunks could not be had and reads failed therefore; null by default. It must return soon and not throw.
    /// The chunk is the first one that failed.
    /// </summary>
    public Action<LazyChunk, Exception>? Failed { get; init; }

    /// <summary>The boot id of the machine; tests set another.</summary>
    internal string Boot { get; init; } = Lazy.ChunkPresence.CurrentBoot;
}
