using System.Security.Cryptography;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>
/// A blob as a stream that is read once, forward. Its bytes are hashed as they pass. Its end is reached only if size and digest
/// are right; otherwise reading fails.
/// </summary>
internal sealed class BlobStream(BlobDownload download, RegistryDescriptor blob, string repository, CancellationToken cancellationToken) : Stream
{
    private readonly IncrementalHash _hash = Digests.Hash(blob.Digest);
    private ReadOnlyMemory<byte> _bytes;
    private bool _isVerified, _isDisposed;

    /// <summary>What went wrong, other than in the reader; null if nothing has yet.</summary>
    public RegistryException? Failure { get; private set; }

    public override bool CanRead => !_isDisposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => blob.Size;

    public override long Position
    {
        get => download.Position - _bytes.Length;
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return buffer.IsEmpty ? new(0)
            : !_bytes.IsEmpty ? new(Copy(buffer.Span))
            : token.IsCancellationRequested ? ValueTask.FromCanceled<int>(token)
            : FillAndCopyAsync(buffer, token);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken token) => ReadAsync(buffer.AsMemory(offset, count), token).AsTask();

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return buffer.IsEmpty || (_bytes.IsEmpty && !FillAsync().AsTask().GetAwaiter().GetResult()) ? 0 : Copy(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what the reader has left, so that the whole blob is checked.</summary>
    /// <returns>What is wrong with the blob; null if it is right.</returns>
    public async ValueTask<RegistryException?> FinishAsync()
    {
        try
        {
            while (Failure is null && await FillAsync().ConfigureAwait(false))
                _bytes = default;
        }
        catch (RegistryException)
        {
            // It is the failure.
        }

        return Failure;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // Readers such as GZipStream dispose it, but the rest is still to be checked.
    }

    /// <summary>No more reads.</summary>
    public void End()
    {
        _isDisposed = true;
        _hash.Dispose();
    }

    private async ValueTask<int> FillAndCopyAsync(Memory<byte> buffer, CancellationToken token)
    {
        // The download has the caller's token; a reader's own one ends it, too.
        var own = token == cancellationToken ? default : token;
        await using var registration = own.UnsafeRegister(download => ((BlobDownload)download!).Abort(), download).ConfigureAwait(false);
        try
        {
            return await FillAsync().ConfigureAwait(false) ? Copy(buffer.Span) : 0;
        }
        catch (OperationCanceledException) when (own.IsCancellationRequested)
        {
            throw new OperationCanceledException(own);
        }
    }

    private int Copy(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _bytes.Length);
        _bytes.Span[..length].CopyTo(buffer);
        _bytes = _bytes[length..];
        return length;
    }

    /// <returns>False at the end of a blob that is right.</returns>
    private async ValueTask<bool> FillAsync()
    {
        if (Failure is not null)
            throw Failure;

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (download.Position == blob.Size)
            {
                Verify();
                return false;
            }

            _bytes = await download.NextAsync().ConfigureAwait(false);
            _hash.AppendData(_bytes.Span);
            return true;
        }
        catch (RegistryException exception)
        {
            Failure = exception;
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private void Verify()
    {
        if (_isVerified)
            return;

        var found = Digests.Finish(_hash, blob.Digest.Algorithm);
        if (found != blob.Digest)
            throw RegistryException.WrongDigest(string.Join(" and ", download.Contributors.Select(endpoint => endpoint.Name)), repository, blob.Digest, found);

        _isVerified = true;
    }
}
