namespace Containerd.Snapshots.Remote.Http;

/// <summary>
/// Reads from a connection, and gives up when it sends nothing, or almost nothing, for too long. Only the time of waiting counts,
/// not that of whoever uses the bytes.
/// </summary>
internal sealed class StallGuard : IDisposable
{
    // What counts as progress of a connection, in bytes.
    private const int Enough = 16 * 1024;

    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _caller;
    private readonly Patience _patience;
    private readonly string _host;
    private TimeSpan _waited;
    private int _read;

    public StallGuard(string host, Patience patience, CancellationToken cancellationToken)
    {
        (_host, _patience, _caller) = (host, patience, cancellationToken);
        _limit = new(Timeout.InfiniteTimeSpan, patience.Time);
        _registration = cancellationToken.UnsafeRegister(source => ((CancellationTokenSource)source!).Cancel(), _limit);
    }

    /// <summary>Reads some bytes.</summary>
    /// <returns>How many; 0 at the end of the stream.</returns>
    /// <exception cref="RegistryException">Unavailable: the connection is lost or stalled.</exception>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer)
    {
        if (_waited >= _patience.Connection)
            throw HttpFailure.Stalled(_host, _patience.Connection, _read);

        var started = _patience.Time.GetTimestamp();
        _limit.CancelAfter(_patience.Connection - _waited);
        try
        {
            var length = await stream.ReadAsync(buffer, _limit.Token).ConfigureAwait(false);
            _limit.CancelAfter(Timeout.InfiniteTimeSpan);
            Count(length, started);
            return length;
        }
        catch (OperationCanceledException) when (!_caller.IsCancellationRequested)
        {
            throw HttpFailure.Stalled(_host, _patience.Connection, _read);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException && !_caller.IsCancellationRequested)
        {
            throw HttpFailure.Of(_host, exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new OperationCanceledException("The download was canceled.", exception, _caller);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _limit.Dispose();
    }

    private void Count(int length, long started)
    {
        _read += length;
        _waited += _patience.Time.GetElapsedTime(started);
        if (_read >= Enough)
            (_read, _waited) = (0, TimeSpan.Zero);
    }
}
