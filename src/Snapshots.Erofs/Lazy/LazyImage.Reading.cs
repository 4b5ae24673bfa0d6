using System.Diagnostics;
using Containerd.Snapshots.Erofs.Lazy;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Erofs;

/// <content>Reads, and fetches ahead of reads.</content>
public sealed partial class LazyImage
{
    private const int MaxRunsAhead = 4;
    private const long AheadLength = 1 << 20;

    private long _hits, _waits, _waitedBytes, _waitedTicks, _failedReads;

    /// <summary>Reads bytes of the image, and waits for those that are not there.</summary>
    /// <param name="offset">Where to begin, in bytes from the start of the image.</param>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The number of bytes; less than the buffer takes only at the end of the image.</returns>
    /// <exception cref="IOException">The bytes cannot be had now, or not within the limit of time, or the image is refused.</exception>
    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        TryRead(offset, buffer.Span, out var count) ? new(count) : ReadLaterAsync(offset, buffer, cancellationToken);

    /// <summary>Fetches the chunks of a range that are absent, without showing them to anybody.</summary>
    /// <param name="offset">Where the range begins, in bytes from the start of the image.</param>
    /// <param name="length">The length of the range, in bytes; it may go beyond the end of the image.</param>
    /// <param name="cause">Why; not <see cref="ChunkCause.Read"/>.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    /// <exception cref="IOException">A chunk cannot be had now. There is no waiting for better times as with a read.</exception>
    /// <exception cref="InvalidDataException">A chunk is damaged, also when another mirror was asked.</exception>
    public async Task FetchAsync(long offset, long length, ChunkCause cause = ChunkCause.Ahead, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var end = offset + Math.Min(length, Length - offset);
        var running = new Queue<Task>();
        try
        {
            while (offset < end)
            {
                if (running.Count == MaxRunsAhead)
                    await running.Dequeue().ConfigureAwait(false);

                var part = Math.Min(AheadLength, end - offset);
                running.Enqueue(WaitForAsync(new(offset, part, cause), offset, part, cancellationToken));
                offset += part;
            }
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }
    }

    /// <summary>The counters since the image was opened.</summary>
    public LazyImageCounters GetCounters() => new()
    {
        Hits = Interlocked.Read(ref _hits),
        Waits = Interlocked.Read(ref _waits),
        WaitedBytes = Interlocked.Read(ref _waitedBytes),
        WaitedTime = TimeSpan.FromTicks(Interlocked.Read(ref _waitedTicks)),
        FailedReads = Interlocked.Read(ref _failedReads),
        Fetches = Interlocked.Read(ref _fetches),
        ReadBytes = Interlocked.Read(ref _fetchedBytes[(int)ChunkCause.Read]),
        AheadBytes = Interlocked.Read(ref _fetchedBytes[(int)ChunkCause.Ahead]),
        BackgroundBytes = Interlocked.Read(ref _fetchedBytes[(int)ChunkCause.Background]),
        VerifiedChunks = Interlocked.Read(ref _verified),
        WrongChunks = Interlocked.Read(ref _wrong),
        UnstoredChunks = Interlocked.Read(ref _unstored),
    };

    /// <summary>Reads bytes of the image if all are there.</summary>
    internal bool TryRead(long offset, Span<byte> buffer, out int count)
    {
        ThrowIfRefused();
        count = Clamp(offset, buffer.Length);
        if (!_isComplete)
        {
            var (first, end) = _table.Find(offset, count);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (!_presence.AreWritten(first, end))
                    return false;
            }
        }

        ReadFile(offset, buffer[..count]);
        Interlocked.Increment(ref _hits);
        return true;
    }

    /// <summary>Waits for the chunks of a range. Nothing of the range is in memory meanwhile.</summary>
    /// <returns>To be given to <see cref="ReadWaited"/>.</returns>
    internal async Task<ChunkWait> WaitAsync(long offset, int length, CancellationToken cancellationToken)
    {
        length = Clamp(offset, length);
        var wait = new ChunkWait(offset, length, ChunkCause.Read);
        var start = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _waits);
        Interlocked.Add(ref _waitedBytes, length);
        try
        {
            await WaitForAsync(wait, offset, length, cancellationToken).ConfigureAwait(false);
            return wait;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Interlocked.Increment(ref _failedReads);
            throw exception as IOException ?? new IOException(exception.Message, exception);
        }
        finally
        {
            Interlocked.Add(ref _waitedTicks, Stopwatch.GetElapsedTime(start).Ticks);
        }
    }

    /// <summary>Reads bytes that were waited for.</summary>
    internal int ReadWaited(ChunkWait wait, long offset, Span<byte> buffer)
    {
        ThrowIfRefused();
        buffer = buffer[..Clamp(offset, buffer.Length)];
        ReadFile(offset, buffer);
        wait.CopyKept(buffer);
        return buffer.Length;
    }

    /// <summary>Lets the kernel drop the pages of the file, which it keeps for the reader elsewhere.</summary>
    internal void DropPages(long offset, long length) => _ = Linux.DropPages(_file, offset, length);

    private async ValueTask<int> ReadLaterAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wait = await WaitAsync(offset, buffer.Length, cancellationToken).ConfigureAwait(false);
        return ReadWaited(wait, offset, buffer.Span);
    }

    private async Task WaitForAsync(ChunkWait wait, long offset, long length, CancellationToken cancellationToken)
    {
        Register(wait, offset, length);
        try
        {
            var limit = wait.Cause == ChunkCause.Read ? _options.ReadTimeout : Timeout.InfiniteTimeSpan;
            await wait.Task.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            ReportFailure(wait, exception);
            throw new TimeoutException($"chunks at {offset} of the image did not come within {_options.ReadTimeout}", exception);
        }
        finally
        {
            Leave(wait);
        }
    }

    private void ReadFile(long offset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = RandomAccess.Read(_file, buffer, offset);
            if (count == 0)
                throw new IOException($"\"{Path}\" has become shorter", Errno.InputOutput);

            buffer = buffer[count..];
            offset += count;
        }
    }

    private int Clamp(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return (int)Math.Clamp(Length - offset, 0, length);
    }

    private void ThrowIfRefused()
    {
        if (_presence.Refusal is { } reason)
            throw Refused(reason);
    }
}
