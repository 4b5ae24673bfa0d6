using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// Streams infos to containerd in messages of bounded size, so that memory stays flat however many there are. What the
/// client does not take is not asked of the source, and a client that goes away stops it.
/// </summary>
internal sealed class InfoStream
{
    // How much may be written before it is sent: sending costs more than a message, and each costs a wait for who reads it.
    private const int MostHeld = 96 << 10;

    private static readonly WriteOptions Hold = new(WriteFlags.BufferHint), Send = new();

    private readonly InfoBatch _batch;
    private readonly IServerStreamWriter<InfoBatch> _stream;
    private readonly SnapshotFilter _filter;
    private readonly RunningCall _running;
    private readonly CancellationToken _cancellationToken;
    private int _held;

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
            throw SnapshotterException.ResourceExhausted($"{ErrorText.Snapshot(info.Name)} does not fit a message: its labels are too large");

        if (_batch.IsFull)
            await WriteAsync().ConfigureAwait(false);
    }

    private async ValueTask EndAsync()
    {
        await WriteAsync().ConfigureAwait(false); // The end of the call sends it.
        _batch.Dispose(); // Not after a failure: whoever was writing may be at it still.
    }

    private async ValueTask WriteAsync()
    {
        if (_batch.IsEmpty)
            return;

        _held += _batch.Message.Length;
        var isEnough = _held >= MostHeld;
        _stream.WriteOptions = isEnough ? Send : Hold;
        await OrCanceled(_running.WriteAsync(_stream, _batch)).ConfigureAwait(false);
        _running.Progress();
        _batch.Clear();
        if (isEnough)
            _held = 0;
    }

    private async ValueTask FlushAsync()
    {
        await WriteAsync().ConfigureAwait(false);
        if (_held == 0)
            return;

        await OrCanceled(_running.FlushAsync()).ConfigureAwait(false);
        _held = 0;
    }

    private async ValueTask OrCanceled(Task sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (_running.IsCanceled)
        {
            // The gRPC layer has several ways to say that the client is gone.
            throw new OperationCanceledException("the client has gone away", exception, _cancellationToken);
        }
    }
}
