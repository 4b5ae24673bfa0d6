namespace Containerd.Snapshots.Erofs;

/// <summary>What happened to a <see cref="LazyImage"/> since it was opened.</summary>
public readonly record struct LazyImageCounters
{
    /// <summary>Reads that were answered at once.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that had to wait for chunks.</summary>
    public long Waits { get; init; }

    /// <summary>Bytes that the reads asked for that had to wait.</summary>
    public long WaitedBytes { get; init; }

    /// <summary>How long readers waited in total.</summary>
    public TimeSpan WaitedTime { get; init; }

    /// <summary>Reads that failed.</summary>
    public long FailedReads { get; init; }

    /// <summary>Calls of the source.</summary>
    public long Fetches { get; init; }

    /// <summary>Verified unpacked bytes that were fetched because a reader waited.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Verified unpacked bytes that were fetched ahead of a reader.</summary>
    public long AheadBytes { get; init; }

    /// <summary>Verified unpacked bytes that were fetched, or came from the verifying pass, to complete the layer.</summary>
    public long BackgroundBytes { get; init; }

    /// <summary>Chunks whose digest was right.</summary>
    public long VerifiedChunks { get; init; }

    /// <summary>Times that a chunk's digest was wrong, or the chunk could not be unpacked.</summary>
    public long WrongChunks { get; init; }

    /// <summary>Chunks that were not stored because there was no space, or the disk failed.</summary>
    public long UnstoredChunks { get; init; }
}
