using System.Buffers;
using Containerd.Snapshots.Erofs.Lazy;

namespace Containerd.Snapshots.Erofs;

/// <content>One fetch for each chunk, however many ask for it.</content>
public sealed partial class LazyImage
{
    private const int WindowCount = 256, MaxDelayFactor = 20;

    private readonly Dictionary<int, PendingChunk> _pending = [];
    private readonly HashSet<ChunkRun> _runs = [];
    private long _fetches;

    // Registers a wait with the chunks of a range that are absent, and begins to fetch those that are not being fetched.
    private void Register(ChunkWait wait, long offset, long length)
    {
        var (first, end) = _table.Find(offset, length);
        var window = ArrayPool<LazyChunk>.Shared.Rent(WindowCount);
        var begun = new List<ChunkRun>();
        while (first < end)
        {
            // Behind the range, too: a run goes on there.
            var chunks = window.AsSpan(0, Math.Min(WindowCount, _table.Count - first));
            _table.Read(first, chunks);
            var count = Math.Min(end - first, chunks.Length);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                ThrowIfRefused();
                for (var i = 0; i < count; i++)
                    Register(wait, first + i, chunks[i..], begun);
            }

            first += count;
        }

        ArrayPool<LazyChunk>.Shared.Return(window);
        wait.Begin();
        foreach (var run in begun)
            run.Task = Task.Run(() => FetchAsync(run));
    }

    private void Register(ChunkWait wait, int index, ReadOnlySpan<LazyChunk> chunks, List<ChunkRun> begun)
    {
        if (_presence[index])
            return;

        if (!_pending.TryGetValue(index, out var chunk))
        {
            begun.Add(MakeRun(index, chunks, wait.Cause));
            chunk = _pending[index];
        }

        wait.Expect();
        wait.Chunks.Add(chunk);
        chunk.Waits.Add(wait);
    }

    // Chunks that follow each other in image and blob, up to the limit of a run.
    private ChunkRun MakeRun(int first, ReadOnlySpan<LazyChunk> chunks, ChunkCause cause)
    {
        var run = new ChunkRun(cause);
        for (var i = 0; i < chunks.Length; i++)
        {
            var isNext = i == 0 || (!_presence[first + i] && !_presence.IsSuspect(first + i) && !_pending.ContainsKey(first + i)
                && IsBehind(chunks[i - 1], chunks[i]) && chunks[i].BlobEnd - chunks[0].BlobOffset <= _options.MaxRunLength
                && chunks[i].End - chunks[0].Offset <= LazyChunk.MaxLength);
            if (!isNext)
                break;

            var chunk = new PendingChunk(first + i, chunks[i], run);
            _pending.Add(first + i, chunk);
            run.Chunks.Add(chunk);
        }

        _runs.Add(run);
        return run;
    }

    private static bool IsBehind(in LazyChunk previous, in LazyChunk next) =>
        next.BlobOffset >= previous.BlobEnd || (next.BlobOffset == previous.BlobOffset && next.InnerOffset >= previous.InnerOffset + previous.Length);

    private async Task FetchAsync(ChunkRun run)
    {
        try
        {
            foreach (var chunk in run.Chunks)
                VerifyAgain(chunk);

            await FetchMissingAsync(run).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(run, exception);
        }
        finally
        {
            lock (_lock)
                _runs.Remove(run);
            run.Dispose();
        }
    }

    private async Task FetchMissingAsync(ChunkRun run)
    {
        var delay = _options.RetryDelay;
        var isSecond = false;
        while (Missing(run) is { Count: > 0 } missing)
        {
            try
            {
                Interlocked.Increment(ref _fetches);
                await _source.FetchAsync(
                    missing.ConvertAll(each => each.Chunk), new(run.Cause, isSecond), (index, content) => Receive(missing[index], content), run.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsTemporary(exception, run))
            {
                await Task.Delay(delay, run.Token).ConfigureAwait(false);
                delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, _options.RetryDelay.Ticks * MaxDelayFactor));
                continue;
            }
            catch (InvalidDataException exception)
            {
                run.Damage = exception;
                Interlocked.Increment(ref _wrong);
            }

            if (Missing(run).Count == 0)
                return;
            if (isSecond)
                throw run.Damage ?? new InvalidDataException("the source did not supply all chunks that it was asked for");

            isSecond = true;
            GiveUpUnwanted(run);
        }
    }

    // Only what someone waits for is worth a second attempt.
    private void GiveUpUnwanted(ChunkRun run)
    {
        lock (_lock)
        {
            foreach (var chunk in run.Chunks.FindAll(chunk => !chunk.IsEnded && chunk.Waits.Count == 0))
            {
                chunk.IsEnded = true;
                _pending.Remove(chunk.Index);
            }
        }
    }

    // Worth another attempt, because a reader waits.
    private bool IsTemporary(Exception exception, ChunkRun run)
    {
        if (exception is not (IOException or HttpRequestException or OperationCanceledException) || run.Token.IsCancellationRequested)
            return false;

        lock (_lock)
            return run.Chunks.Exists(chunk => !chunk.IsEnded && chunk.Waits.Exists(wait => wait.Cause == ChunkCause.Read));
    }

    private List<PendingChunk> Missing(ChunkRun run)
    {
        lock (_lock)
            return run.Chunks.FindAll(chunk => !chunk.IsEnded);
    }

    private void Receive(PendingChunk chunk, ReadOnlySpan<byte> content)
    {
        if (content.Length == chunk.Chunk.Length && ChunkDigest.Of(content) == chunk.Chunk.Digest)
        {
            CountVerified(chunk.Run.Cause, content.Length);
            Deliver(chunk, content, TryStore(chunk.Index, chunk.Chunk, content));
            return;
        }

        Interlocked.Increment(ref _wrong);
        chunk.Run.Damage = new($"the chunk at {chunk.Chunk.BlobOffset} of the layer has the wrong digest, {ChunkDigest.Of(content)}, and should have {chunk.Chunk.Digest}");
    }

    private void Deliver(PendingChunk chunk, ReadOnlySpan<byte> content, bool isStored)
    {
        foreach (var wait in End(chunk))
            wait.Take(chunk.Chunk, content, isStored);
    }

    private List<ChunkWait> End(PendingChunk chunk)
    {
        lock (_lock)
        {
            if (chunk.IsEnded)
                return [];

            chunk.IsEnded = true;
            _pending.Remove(chunk.Index);
            return [.. chunk.Waits];
        }
    }

    private void Fail(ChunkRun run, Exception exception)
    {
        run.Cancel();
        ChunkWait? failed = null;
        foreach (var chunk in run.Chunks)
        {
            foreach (var wait in End(chunk))
            {
                wait.Fail(exception);
                failed ??= wait.Cause == ChunkCause.Read ? wait : null;
            }
        }

        if (failed is not null && exception is not OperationCanceledException)
            ReportFailure(failed, exception);
    }

    // A run that nobody waits for any more is given up.
    private void Leave(ChunkWait wait)
    {
        wait.End();
        if (wait.Task.IsCompletedSuccessfully)
            return;

        var abandoned = new List<ChunkRun>();
        lock (_lock)
        {
            foreach (var chunk in wait.Chunks)
            {
                if (!chunk.IsEnded && chunk.Waits.Remove(wait) && chunk.Run.Chunks.TrueForAll(each => each.IsEnded || each.Waits.Count == 0))
                    abandoned.Add(chunk.Run);
            }
        }

        foreach (var run in abandoned)
            Fail(run, new OperationCanceledException("nobody waits for the chunks any more"));
    }

    private void ReportFailure(ChunkWait wait, Exception exception)
    {
        LazyChunk? first;
        lock (_lock)
            first = wait.Chunks.FirstOrDefault(chunk => !chunk.IsEnded)?.Chunk ?? wait.Chunks.FirstOrDefault()?.Chunk;

        if (first is { } chunk)
            _options.Failed?.Invoke(chunk, exception);
    }
}
