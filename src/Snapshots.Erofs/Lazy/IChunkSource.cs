namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Fetches and unpacks chunks of one layer. The members may be called on several threads at once, as often as readers wait: a
/// source bounds its connections and its memory itself.
/// </summary>
public interface IChunkSource
{
    /// <summary>Fetches a run of chunks, with one request if possible, and hands over each.</summary>
    /// <param name="chunks">
    /// The chunks, at least one, ordered by their place in the blob: several may be in one member or frame, and there may be
    /// gaps between them. The list is valid until the call ends.
    /// </param>
    /// <param name="request">Why the chunks are fetched, and whether another mirror should be asked.</param>
    /// <param name="receive">
    /// Takes the unpacked bytes of a chunk. It verifies and stores them, and may be called for the chunks in any order, by one
    /// thread at a time. Errors that it throws have to reach the caller of this method. A chunk that is never handed over
    /// counts as damaged.
    /// </param>
    /// <param name="cancellationToken">Ends the fetch: nobody waits any more, or the limit of time has passed.</param>
    /// <exception cref="IOException">
    /// The chunks cannot be fetched now. The fetch is repeated after a pause while a reader waits, so there is no need to
    /// repeat it for long within the call.
    /// </exception>
    /// <exception cref="HttpRequestException">As for <see cref="IOException"/>.</exception>
    /// <exception cref="InvalidDataException">
    /// What was fetched cannot be unpacked. As after a wrong digest, the fetch is repeated once, with another mirror.
    /// </exception>
    ValueTask FetchAsync(IReadOnlyList<LazyChunk> chunks, ChunkRequest request, ChunkReceiver receive, CancellationToken cancellationToken);
}

/// <summary>Takes the unpacked bytes of a chunk.</summary>
/// <param name="index">The index of the chunk in the run.</param>
/// <param name="content">All bytes of the chunk. They are not used after the call.</param>
public delegate void ChunkReceiver(int index, ReadOnlySpan<byte> content);

/// <summary>How a run of chunks is to be fetched.</summary>
/// <param name="Cause">Why it is fetched.</param>
/// <param name="AvoidsLastMirror">
/// Whether what the mirror sent that was asked last for one of these chunks was wrong: another should be asked if there is one.
/// </param>
public readonly record struct ChunkRequest(ChunkCause Cause, bool AvoidsLastMirror = false);

/// <summary>Why chunks are fetched.</summary>
public enum ChunkCause
{
    /// <summary>A reader waits.</summary>
    Read,

    /// <summary>A reader is likely to ask soon.</summary>
    Ahead,

    /// <summary>The layer is being completed; readers go first.</summary>
    Background,
}
