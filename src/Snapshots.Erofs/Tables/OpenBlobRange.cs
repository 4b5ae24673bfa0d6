namespace Containerd.Snapshots.Erofs;

/// <summary>Opens a part of a layer's blob, as the registry stores it.</summary>
/// <param name="start">The first byte.</param>
/// <param name="end">The byte behind the last one, above <paramref name="start"/>.</param>
/// <param name="request">Why the bytes are wanted, and whether another mirror should be asked.</param>
/// <param name="cancellationToken">Ends the opening, and the reading of the stream.</param>
/// <returns>
/// A stream with these bytes, read asynchronously and forward. It is disposed when no more are wanted, often before its end. It
/// may end too early: what comes of it is verified.
/// </returns>
/// <exception cref="IOException">The bytes cannot be had; also from the stream.</exception>
public delegate ValueTask<Stream> OpenBlobRange(long start, long end, ChunkRequest request, CancellationToken cancellationToken);
