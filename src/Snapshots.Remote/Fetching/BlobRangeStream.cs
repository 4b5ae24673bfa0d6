namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>A part of a blob as a stream that is read once, forward. Its bytes are not verified.</summary>
/// <param name="start">Starts the download, at the first read.</param>
/// <param name="end">Where the part ends in the blob.</param>
/// <param name="ended">Takes the download when the stream is disposed.</param>
/// <param name="cancellationToken">Ends the download.</param>
internal sealed class BlobRangeStream(Func<BlobDownload> start, long end, Action<BlobDownload> ended, CancellationToken cancellationToken) : Stream
{
    private BlobDownload? _download;
    private ReadOnlyMemory<byte> _bytes;
    private bool _isDisposed;

    public override bool CanRead => !_isDisposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || (_bytes.IsEmpty && !await FillAsync(token).ConfigureAwait(false)))
            return 0;

        var length = Math.Min(buffer.Length, _bytes.Length);
        _bytes.Span[..length].CopyTo(buffer.Span);
        _bytes = _bytes[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken token) => ReadAsync(buffer.AsMemory(offset, count), token).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        if (_download is null)
            return;

        await _download.DisposeAsync().ConfigureAwait(false);
        ended(_download);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private async ValueTask<bool> FillAsync(CancellationToken token)
    {
        try
        {
            token.ThrowIfCancellationRequested();
            cancellationToken.ThrowIfCancellationRequested();
            _download ??= start();
            if (_download.Position == end)
                return false;

            // The download has the opener's token; a reader's own one ends it, too.
            var own = token == cancellationToken ? default : token;
            await using var registration = own.UnsafeRegister(download => ((BlobDownload)download!).Abort(), _download).ConfigureAwait(false);
            _bytes = await _download.NextAsync().ConfigureAwait(false);
            return true;
        }
        catch (RegistryException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
    }
}
