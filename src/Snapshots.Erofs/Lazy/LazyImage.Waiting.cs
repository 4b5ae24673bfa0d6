using System.Buffers;
using Containerd.Snapshots.Erofs.Lazy;

namespace Containerd.Snapshots.Erofs;

/// <content>One fetch for each chunk, however many wait for it.</content>
public sealed partial class LazyImage
{
    private const int WindowCount = 256;

    private readonly Dictionary<int, PendingChunk> _pending = [];
    private readonly HashSet<ChunkRun> _runs = [];

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
}
