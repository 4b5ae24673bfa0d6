using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots;

/// <summary>
/// Streams infos to containerd in messages of bounded size, so that memory stays flat however many there are. What the
/// client does not take is not asked of the source, and a client that goes away stops it.
/// </summary>
internal sealed class InfoStream
{
    private readonly InfoBatch _batch;
    private readonly IServerStreamWriter<ListSnapshotsResponse> _stream;
    private readonly SnapshotFilter _filter;
    private readonly RunningCall _running;
    private readonly CancellationToken _cancellationToken;

    public InfoStream(IServerStreamWriter<ListSnapshotsResponse> stream, SnapshotFilter filter, RunningCall running)
    {
        _stream = stream;
        _filter = filter;
        _running = running;
        _cancellationToken = running.CancellationToken;
        _batch = new InfoBatch();
    }

    public async ValueTask WriteAsync(IEnumerable<SnapshotInfo> infos)
    {
        foreach (var info in infos)
            await AddAsync(info).ConfigureAwait(false);

        await FlushAsync().ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(IAsyncEnumerable<SnapshotInfo> infos)
    {
        var source = infos.GetAsyncEnumerator(_cancellationToken);
        await using (source.ConfigureAwait(false))
        {
            while (await NextAsync(source).ConfigureAwait(false))
                await AddAsync(source.Current).ConfigureAwait(false);
        }

        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Moves on; where the source has nothing ready, what is there goes out meanwhile.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<SnapshotInfo> source)
    {
        var next = source.MoveNextAsync();
        if (next.IsCompleted)
            return await next.ConfigureAwait(false);

        var pending = next.AsTask();
        try
        {
            await FlushAsync().ConfigureAwait(false);
        }
        catch
        {
            // An iterator must not be disposed while it runs.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await pending.ConfigureAwait(false);
    }

    private async ValueTask AddAsync(SnapshotInfo? info)
    {
        _cancellationToken.ThrowIfCancellationRequested();

        if (info is null)
            throw new SnapshotterException(SnapshotterError.Internal, "the snapshotter's Walk yielded null");

        if (!_filter.Matches(info))
            return;

        var wire = WireMapping.ToWire(info);
        if (!_batch.TryAdd(wire))
        {
            await FlushAsync().ConfigureAwait(false);
            if (!_batch.TryAdd(wire))
                throw SnapshotterException.ResourceExhausted($"{ErrorText.Snapshot(info.Name)} does not fit a message: its labels are too large");
        }

        if (_batch.IsFull)
            await FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask FlushAsync()
    {
        if (_batch.IsEmpty)
            return;

        try
        {
            await _running.WriteAsync(_stream, _batch.Message).ConfigureAwait(false);
        }
        catch (Exception exception) when (_running.IsCanceled)
        {
            // The gRPC layer has several ways to say that the client is gone.
            throw new OperationCanceledException("the client has gone away", exception, _cancellationToken);
        }

        _batch.Clear();
    }
}
