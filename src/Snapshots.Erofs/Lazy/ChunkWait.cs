namespace Containerd.Snapshots.Erofs.Lazy;

/// <summary>Someone who waits for chunks of a range of the image.</summary>
/// <param name="offset">Where the range begins in the image, in bytes.</param>
/// <param name="length">Its length, in bytes.</param>
/// <param name="cause">Why.</param>
internal sealed class ChunkWait(long offset, long length, ChunkCause cause)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(long Offset, byte[] Bytes)> _kept = [];
    private int _expected = 1; // One more until all chunks are known.
    private bool _isEnded;

    public ChunkCause Cause => cause;

    /// <summary>The chunks that were asked for; guarded by the image's lock.</summary>
    public List<PendingChunk> Chunks { get; } = [];

    /// <summary>Ends when all chunks are there, or fails when one cannot be had.</summary>
    public Task Task => _done.Task;

    /// <summary>Expects one more chunk.</summary>
    public void Expect() => Interlocked.Increment(ref _expected);

    /// <summary>Notes that no more chunks will be expected.</summary>
    public void Begin() => CountDown();

    /// <summary>Takes a verified chunk. Its bytes are kept if they could not be stored.</summary>
    public void Take(in LazyChunk chunk, ReadOnlySpan<byte> content, bool isStored)
    {
        if (!isStored && cause == ChunkCause.Read)
            Keep(chunk, content);

        CountDown();
    }

    /// <summary>Notes that a chunk cannot be had.</summary>
    public void Fail(Exception exception) => _done.TrySetException(exception);

    /// <summary>Stops to keep anything: nobody waits any more.</summary>
    public void End()
    {
        lock (_kept)
            _isEnded = true;
    }

    /// <summary>Copies the bytes of chunks that could not be stored over what was read from the file.</summary>
    /// <param name="destination">The range's bytes, from its start.</param>
    public void CopyKept(Span<byte> destination)
    {
        lock (_kept)
        {
            foreach (var (position, bytes) in _kept)
            {
                var start = (int)(position - offset);
                if (start < destination.Length)
                    bytes.AsSpan(0, Math.Min(bytes.Length, destination.Length - start)).CopyTo(destination[start..]);
            }
        }
    }

    private void Keep(in LazyChunk chunk, ReadOnlySpan<byte> content)
    {
        var from = Math.Max(chunk.Offset, offset);
        var end = Math.Min(chunk.End, offset + length);
        lock (_kept)
        {
            if (!_isEnded && from < end)
                _kept.Add((from, content.Slice((int)(from - chunk.Offset), (int)(end - from)).ToArray()));
        }
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _expected) == 0)
            _done.TrySetResult();
    }
}

/// <summary>A chunk that is being fetched; guarded by the image's lock.</summary>
internal sealed class PendingChunk(int index, LazyChunk chunk, ChunkRun run)
{
    public int Index => index;

    public LazyChunk Chunk => chunk;

    public ChunkRun Run => run;

    /// <summary>Who waits for it.</summary>
    public List<ChunkWait> Waits { get; } = [];

    /// <summary>Whether it was delivered, failed, or given up.</summary>
    public bool IsEnded { get; set; }
}

/// <summary>Chunks that are fetched by one call of the source; guarded by the image's lock.</summary>
internal sealed class ChunkRun(ChunkCause cause) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    public ChunkCause Cause => cause;

    /// <summary>The chunks in the order of the blob.</summary>
    public List<PendingChunk> Chunks { get; } = [];

    /// <summary>Canceled when nobody waits any more.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>What was wrong with a chunk at the last attempt.</summary>
    public InvalidDataException? Damage { get; set; }

    /// <summary>The work, once it has begun.</summary>
    public Task Task { get; set; } = Task.CompletedTask;

    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
