using System.Collections.Concurrent;
using Containerd.Snapshots.Remote.Http;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>
/// A part of a blob that is fetched before its turn, on a connection of its own, into buffers of the budget. When its turn comes,
/// its buffers are used first, then its connection is read directly.
/// </summary>
internal sealed class AheadSegment : IAsyncDisposable
{
    private readonly ConcurrentQueue<Chunk> _chunks = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly BlobDownload _download;
    private readonly Task _fetching;
    private RangeBody? _body;

    public AheadSegment(BlobDownload download, Source source, long start, long end)
    {
        (_download, Source, Start, End) = (download, source, start, end);
        _fetching = FetchAsync();
    }

    public Source Source { get; }

    /// <summary>The first byte.</summary>
    public long Start { get; }

    /// <summary>The byte behind the last one.</summary>
    public long End { get; }

    /// <summary>Why it has ended too early; null if it has not.</summary>
    public RegistryException? Failure { get; private set; }

    /// <summary>Takes the next bytes that have come, if there are any.</summary>
    public bool TryTake(out Chunk chunk) => _chunks.TryDequeue(out chunk);

    /// <summary>
    /// Ends the fetching after what it is waiting for. There may be more chunks then; what is behind them is in the connection.
    /// </summary>
    /// <returns>The connection, or null if nothing is left of it.</returns>
    public async ValueTask<RangeBody?> StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _fetching.ConfigureAwait(false);
        return Interlocked.Exchange(ref _body, null);
    }

    public async ValueTask DisposeAsync()
    {
        (await StopAsync().ConfigureAwait(false))?.Dispose();
        while (_chunks.TryDequeue(out var chunk))
            _download.Return(chunk);
        _stop.Dispose();
    }

    private async Task FetchAsync()
    {
        try
        {
            _body = await RangeBody.OpenAsync(Source, _download.Blob, Start, End, _download.Patience, _download.Aborted).ConfigureAwait(false);
            if (_body.Position == Start)
                await FillAsync(_body).ConfigureAwait(false);
            else
                Source.IgnoresRanges = true;
        }
        catch (RegistryException exception)
        {
            Failure = exception;
        }
        catch (OperationCanceledException)
        {
            // Its turn has come, or nobody wants it any more.
        }

        if (_body is not null && (Failure is not null || _body.Position < Start || _body.Position >= Math.Min(_body.End, End) || _download.Aborted.IsCancellationRequested))
        {
            _body.Dispose();
            _body = null;
        }
    }

    private async Task FillAsync(RangeBody body)
    {
        while (body.Position < Math.Min(body.End, End) && !_stop.IsCancellationRequested)
        {
            var buffer = await _download.Budget.RentAsync(_download.Owner, _stop.Token).ConfigureAwait(false);
            var length = 0;
            try
            {
                while (length < buffer.Length && body.Position < Math.Min(body.End, End) && !_stop.IsCancellationRequested)
                    length += await body.ReadAsync(buffer.AsMemory(length, (int)Math.Min(buffer.Length - length, End - body.Position))).ConfigureAwait(false);
            }
            finally
            {
                if (length > 0)
                    _chunks.Enqueue(new(buffer, length));
                else
                    _download.Return(new(buffer, 0));
            }
        }
    }
}
