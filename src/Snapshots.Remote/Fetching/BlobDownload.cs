using Containerd.Snapshots.Remote.Http;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>
/// The bytes of a blob, or of a part of it, in order, from hosts that come and go. One connection is read directly, as fast as the bytes are used;
/// for a large blob, further ones fetch what comes later. It is used by one reader, one call at a time.
/// </summary>
internal sealed class BlobDownload : IAsyncDisposable
{
    // The part of a blob that one request asks for, in bytes; a blob that is not larger is fetched by one request without a range.
    private const int SegmentSize = 8 << 20;

    private const int OwnBufferSize = FetchLimits.OwnBufferSize;

    // Less than this from a host is no progress: it may go on for ever.
    private const int Progress = 64 * 1024;

    private readonly FetchLimits _limits;
    private readonly Sources _sources;
    private readonly CancellationTokenSource _abort;
    private readonly Queue<AheadSegment> _ahead = new();
    private byte[] _own = [];
    private AheadSegment? _turn;
    private RangeBody? _body;
    private Chunk? _given;
    private long _next, _sinceFailure;
    private int _maxAhead;
    private bool _hasConnection;

    public BlobDownload(BlobRequest blob, Sources sources, FetchLimits limits, Patience patience, CancellationToken cancellationToken)
    {
        (Blob, _sources, _limits, Patience) = (blob, sources, limits, patience);
        _abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _maxAhead = limits.ConnectionsPerBlob - 1;
        Position = blob.Start;
        Owner = limits.Buffers.Join();
    }

    public BlobRequest Blob { get; }

    public Patience Patience { get; }

    public BufferBudget Budget => _limits.Buffers;

    public BufferBudget.Owner Owner { get; }

    /// <summary>Ends all waiting.</summary>
    public CancellationToken Aborted => _abort.Token;

    /// <summary>Where in the blob the next byte is: all before it, from the first one that is wanted, were given.</summary>
    public long Position { get; private set; }

    /// <summary>The hosts that any byte came from.</summary>
    public HashSet<RegistryEndpoint> Contributors { get; } = [];

    /// <summary>Returns the next bytes, at least one. They may be used until the next call.</summary>
    /// <exception cref="RegistryException">No host has them.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync()
    {
        ReturnGiven();
        while (true)
        {
            if (TakeTurn() is { } segment)
            {
                if (segment.TryTake(out var chunk))
                    return Give(chunk, segment.Source);

                // What came while it was stopped is taken first; then its connection is this one.
                _body ??= await segment.StopAsync().ConfigureAwait(false);
                if (segment.TryTake(out chunk))
                    return Give(chunk, segment.Source);

                await EndTurnAsync(segment).ConfigureAwait(false);
                continue;
            }

            if (await ReadDirectlyAsync().ConfigureAwait(false) is { Length: > 0 } bytes)
                return bytes;
        }
    }

    /// <summary>Ends what is waited for; nothing can be read any more.</summary>
    public void Abort() => _abort.Cancel();

    /// <summary>Gives a buffer of a segment back.</summary>
    public void Return(Chunk chunk) => Budget.Return(Owner, chunk.Buffer);

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync().ConfigureAwait(false);
        ReturnGiven();
        if (_turn is not null)
            await EndTurnAsync(_turn).ConfigureAwait(false);
        while (_ahead.TryDequeue(out var segment))
            await EndAsync(segment).ConfigureAwait(false);
        _body?.Dispose();
        Budget.Leave();
        if (_hasConnection)
            _limits.Connections.Return();
        _abort.Dispose();
    }

    // The segment that begins where the direct connection has ended.
    private AheadSegment? TakeTurn()
    {
        if (_turn is null && _body is null && _ahead.TryPeek(out var next) && next.Start == Position)
            _turn = _ahead.Dequeue();
        return _turn;
    }

    private async ValueTask EndTurnAsync(AheadSegment segment)
    {
        _turn = null;
        if (segment.Failure is not null)
            _maxAhead = Math.Max(0, _maxAhead - 1);
        await EndAsync(segment).ConfigureAwait(false);
    }

    private async ValueTask EndAsync(AheadSegment segment)
    {
        await segment.DisposeAsync().ConfigureAwait(false);
        _limits.Connections.ReturnAhead();
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadDirectlyAsync()
    {
        _body ??= await ConnectAsync().ConfigureAwait(false);
        StartAhead(_body);
        var end = Math.Min(_body.End, _ahead.TryPeek(out var next) ? next.Start : Blob.End);
        try
        {
            // Bytes before the position were given already, from another connection.
            var wanted = (int)Math.Min(_own.Length, (_body.Position < Position ? Position : end) - _body.Position);
            var isNew = _body.Position == Position;
            var length = wanted > 0 ? await _body.ReadAsync(_own.AsMemory(0, wanted)).ConfigureAwait(false) : 0;
            var source = _body.Source;
            if (_body.Position >= end)
                CloseBody();
            return isNew && length > 0 ? Give(_own.AsMemory(0, length), source) : default;
        }
        catch (RegistryException exception)
        {
            Fail(_body!.Source, exception);
            CloseBody();
            return default;
        }
    }

    private async ValueTask<RangeBody> ConnectAsync()
    {
        if (!_hasConnection)
        {
            await _limits.Connections.TakeAsync(_abort.Token).ConfigureAwait(false);
            _hasConnection = true;
            _own = GC.AllocateUninitializedArray<byte>(OwnBufferSize);
        }

        var end = _ahead.TryPeek(out var next) ? next.Start : Math.Min(Position + SegmentSize, Blob.End);
        _next = Math.Max(_next, end);
        while (true)
        {
            var source = await _sources.NextAsync(_abort.Token).ConfigureAwait(false);
            try
            {
                var body = await RangeBody.OpenAsync(source, Blob, Position, end, Patience, _abort.Token).ConfigureAwait(false);
                if (body.Position < Position || body.End > end)
                    source.IgnoresRanges = true;
                return body;
            }
            catch (RegistryException exception)
            {
                Fail(source, exception);
            }
        }
    }

    private void StartAhead(RangeBody direct)
    {
        if (direct.Source.IgnoresRanges)
            return;

        while (_next < Blob.End && _ahead.Count < _maxAhead && _limits.Connections.TryTakeAhead())
        {
            var end = Math.Min(_next + SegmentSize, Blob.End);
            _ahead.Enqueue(new(this, direct.Source, _next, end));
            _next = end;
        }
    }

    private ReadOnlyMemory<byte> Give(Chunk chunk, Source source)
    {
        _given = chunk;
        return Give(chunk.Buffer.AsMemory(0, chunk.Length), source);
    }

    private ReadOnlyMemory<byte> Give(ReadOnlyMemory<byte> bytes, Source source)
    {
        Position += bytes.Length;
        _sinceFailure += bytes.Length;
        Contributors.Add(source.Endpoint);
        if (_sinceFailure >= Progress)
        {
            _sources.Progressed(source);
            _sinceFailure = 0;
        }

        return bytes;
    }

    private void ReturnGiven()
    {
        if (_given is { } chunk)
            Return(chunk);
        _given = null;
    }

    private void Fail(Source source, RegistryException failure)
    {
        _sinceFailure = 0;
        _sources.Failed(source, failure);
    }

    private void CloseBody()
    {
        _body?.Dispose();
        _body = null;
    }
}
