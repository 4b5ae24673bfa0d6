using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// Streams infos to containerd in messages of limited size, so that any number of infos needs the same memory. It reads
/// the source only as fast as the client reads the stream, and stops the source when the client disconnects.
/// </summary>
internal sealed class InfoStream
{
    // Bytes to write before a flush. A flush costs more than writing a message, and waits for the client.
    private const int MaxUnflushed = 96 << 10;

    private static readonly WriteOptions Hold = new(WriteFlags.BufferHint), Send = new();

    private readonly InfoBatch _batch;
    private readonly IServerStreamWriter<InfoBatch> _stream;
    private readonly SnapshotFilter _filter;
    private readonly RunningCall _running;
    private readonly CancellationToken _cancellationToken;
    private int _unflushed;

    public InfoStream(IServerStreamWriter<InfoBatch> stream, SnapshotFilter filter, RunningCall running)
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

        await EndAsync().ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(IAsyncEnumerable<SnapshotInfo> infos)
    {
        var source = infos.GetAsyncEnumerator(_cancellationToken);
        await using (source.ConfigureAwait(false))
        {
            while (await NextAsync(source).ConfigureAwait(false))
                await AddAsync(source.Current).ConfigureAwait(false);
        }

        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>Moves to the next info. If the source has none ready, sends the infos so far in the meantime.</summary>
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
            // An iterator must not be disposed of while it runs.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await pending.ConfigureAwait(false);
    }

    private ValueTask AddAsync(SnapshotInfo? info)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _running.Progress();

        if (info is null)
            throw new SnapshotterException(SnapshotterError.Internal, "the snapshotter's Walk yielded null");

        if (!_filter.Matches(info))
            return default;

        if (!_batch.TryAdd(info))
            return WriteAndAddAsync(info);

        return _batch.IsFull ? WriteAsync() : default;
    }

    private async ValueTask WriteAndAddAsync(SnapshotInfo info)
    {
        await WriteAsync().ConfigureAwait(false);
        if (!_batch.TryAdd(info))
            throw SnapshotterException.ResourceExhausted($"{ErrorText.Snapshot(info.Name)} does not fit into a message of {WireLimits.MaxMessageBytes} bytes: its labels are too large");

        if (_batch.IsFull)
            await WriteAsync().ConfigureAwait(false);
    }

    private async ValueTask EndAsync()
    {
        await WriteAsync().ConfigureAwait(false); // The end of the call flushes it.
        _batch.Dispose(); // Not after a failure: a write may still use it.
    }

    private async ValueTask WriteAsync()
    {
        if (_batch.IsEmpty)
            return;

        _unflushed += _batch.Message.Length;
        var isEnough = _unflushed >= MaxUnflushed;
        _stream.WriteOptions = isEnough ? Send : Hold;
        await AwaitSendAsync(_running.WriteAsync(_stream, _batch)).ConfigureAwait(false);
        _running.Progress();
        _batch.Clear();
        if (isEnough)
            _unflushed = 0;
    }

    private async ValueTask FlushAsync()
    {
        await WriteAsync().ConfigureAwait(false);
        if (_unflushed == 0)
            return;

        await AwaitSendAsync(_running.FlushAsync()).ConfigureAwait(false);
        _unflushed = 0;
    }

    private async ValueTask AwaitSendAsync(Task sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (_running.IsCanceled)
        {
            // The gRPC layer reports a disconnected client in several ways.
            throw new OperationCanceledException("the client disconnected", exception, _cancellationToken);
        }
    }
}
