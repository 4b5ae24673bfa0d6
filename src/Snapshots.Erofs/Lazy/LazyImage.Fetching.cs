using Containerd.Snapshots.Erofs.Lazy;

namespace Containerd.Snapshots.Erofs;

/// <content>Fetches runs of chunks.</content>
public sealed partial class LazyImage
{
    private const int MaxDelayFactor = 20;

    private long _fetches;

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

    private void ReportFailure(ChunkWait wait, Exception exception)
    {
        LazyChunk? first;
        lock (_lock)
            first = wait.Chunks.FirstOrDefault(chunk => !chunk.IsEnded)?.Chunk ?? wait.Chunks.FirstOrDefault()?.Chunk;

        if (first is { } chunk)
            _options.Failed?.Invoke(chunk, exception);
    }
}
