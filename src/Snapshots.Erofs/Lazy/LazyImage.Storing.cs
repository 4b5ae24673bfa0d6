using System.Buffers;
using Containerd.Snapshots.Erofs.Lazy;

namespace Containerd.Snapshots.Erofs;

/// <content>Stores chunks, and makes them durable.</content>
public sealed partial class LazyImage
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(10);

    private readonly long[] _fetchedBytes = new long[3];
    private readonly SemaphoreSlim _syncing = new(1);
    private long _verified, _wrong, _unstored, _unsynced;
    private bool _isUnsynced = true; // A killed process may not have synced what it stored.

    /// <summary>Opens a pass over the whole layer, which verifies the table and stores what is absent.</summary>
    public LazyImageVerifier Verify() => new(this, _table);

    /// <summary>Makes all chunks durable that are stored now.</summary>
    /// <exception cref="IOException">The disk failed. Chunks that it may have lost are absent again.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken = default)
    {
        await _syncing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // It may take seconds, for which no thread of the pool is to be blocked.
            await Task.Factory.StartNew(Sync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _syncing.Release();
        }
    }

    /// <summary>Whether a chunk is stored and trusted.</summary>
    internal bool IsStored(int index)
    {
        lock (_lock)
            return _presence[index];
    }

    /// <summary>Stores a chunk that was verified. Without space it is not stored, which is no error.</summary>
    internal bool TryStore(int index, in LazyChunk chunk, ReadOnlySpan<byte> content)
    {
        try
        {
            RandomAccess.Write(_file, content, chunk.Offset);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _unstored);
            return false;
        }

        return NoteStored(index, content.Length);
    }

    internal void CountVerified(ChunkCause cause, int length)
    {
        Interlocked.Increment(ref _verified);
        Interlocked.Add(ref _fetchedBytes[(int)cause], length);
    }

    /// <summary>Compares bytes with those that the image has, where no chunk is.</summary>
    internal bool IsEqual(long offset, ReadOnlySpan<byte> content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(content.Length);
        var stored = buffer.AsSpan(0, content.Length);
        ReadFile(offset, stored);
        var isEqual = stored.SequenceEqual(content);
        ArrayPool<byte>.Shared.Return(buffer);
        return isEqual;
    }

    private bool NoteStored(int index, int length)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return false;

            _presence.SetWritten(index);
            _isUnsynced = true;
            NoteIfComplete();
            _unsynced += length;
            if (_unsynced < _options.SyncInterval)
                return true;

            _unsynced = 0;
        }

        _ = SyncInBackgroundAsync();
        return true;
    }

    private async Task SyncInBackgroundAsync()
    {
        try
        {
            await SyncAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // What could not be synced is absent again.
        }
    }

    // The bits of chunks become durable after the chunks.
    private void Sync()
    {
        byte[] written;
        lock (_lock)
        {
            if (!_isUnsynced)
                return;

            (_unsynced, _isUnsynced) = (0, false);
            written = _presence.CopyWritten();
        }

        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (IOException)
        {
            lock (_lock)
            {
                _presence.ForgetUnsynced();
                NoteIfComplete();
            }

            throw;
        }

        lock (_lock)
            _presence.SetDurable(written);
        _presence.Sync();
    }

    // After an unclean stop of the machine.
    private void VerifyAgain(PendingChunk pending)
    {
        lock (_lock)
        {
            if (pending.IsEnded || !_presence.IsSuspect(pending.Index))
                return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(pending.Chunk.Length);
        var content = buffer.AsSpan(0, pending.Chunk.Length);
        if (IsUndamaged(pending.Chunk, content) && NoteStored(pending.Index, 0))
        {
            Deliver(pending, content, isStored: true);
        }
        else
        {
            lock (_lock)
                _presence.Clear(pending.Index);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private bool IsUndamaged(in LazyChunk chunk, Span<byte> content)
    {
        try
        {
            ReadFile(chunk.Offset, content);
            return ChunkDigest.Of(content) == chunk.Digest;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await SyncAsync().ConfigureAwait(false);
            _presence.MarkClean();
        }
        catch (IOException)
        {
            // Not clean: chunks are verified again after the next start of the machine.
        }
        finally
        {
            _presence.Dispose();
            _table.Dispose();
            _file.Dispose();
        }
    }
}
