using Containerd.Snapshots.Erofs;

namespace Samples.Lazy.Filling;

/// <summary>Lets reads that someone waits for go before what completes layers. All lazy layers share it.</summary>
internal sealed class ReadsFirst
{
    // Whoever reads without end must not keep a layer incomplete.
    private static readonly TimeSpan MostWait = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private int _reads;
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A source whose reads others wait for.</summary>
    /// <param name="source">Where the chunks come from.</param>
    /// <param name="order">Notes what is read.</param>
    public IChunkSource Before(IChunkSource source, StartOrder order) => new Source(this, source, order);

    /// <summary>Waits while someone waits for a read, but not for long.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task idle;
        lock (_lock)
        {
            if (_reads == 0)
                return;

            idle = _idle.Task;
        }

        await Task.WhenAny(idle, Task.Delay(MostWait, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (_reads++ == 0)
                _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_reads == 0)
                _idle.SetResult();
        }
    }

    private sealed class Source(ReadsFirst gate, IChunkSource source, StartOrder order) : IChunkSource
    {
        public async ValueTask FetchAsync(IReadOnlyList<LazyChunk> chunks, ChunkRequest request, ChunkReceiver receive, CancellationToken cancellationToken)
        {
            if (request.Cause != ChunkCause.Read)
            {
                await source.FetchAsync(chunks, request, receive, cancellationToken);
                return;
            }

            order.Note(chunks[0].Offset, chunks[^1].End);
            gate.Begin();
            try
            {
                await source.FetchAsync(chunks, request, receive, cancellationToken);
            }
            finally
            {
                gate.End();
            }
        }
    }
}
