using System.Buffers;
using System.Security.Cryptography;

namespace Containerd.Snapshots.Erofs.Input;

/// <summary>Reads a stream in large pieces, and counts, limits and hashes what it reads.</summary>
/// <param name="stream">The stream; it stays open.</param>
/// <param name="bufferLength">The length of the pieces, in bytes.</param>
/// <param name="limit">The most bytes that the stream may have.</param>
/// <param name="isHashed">Whether a digest is wanted.</param>
internal sealed class HashedReader(Stream stream, int bufferLength, long limit, bool isHashed) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(bufferLength);
    private readonly IncrementalHash? _hash = isHashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private int _start, _end;

    /// <summary>How many bytes the stream has, as far as it was read.</summary>
    public long Length { get; private set; }

    /// <summary>The digest of what the stream has; null if none is wanted. Read the stream to its end before.</summary>
    public SnapshotDigest? Digest() =>
        _hash is not null && SnapshotDigest.TryParse($"sha256:{Convert.ToHexStringLower(_hash.GetCurrentHash())}", out var digest) ? digest : null;

    /// <summary>Returns the next bytes, at least one; none at the end. They are valid until the next call.</summary>
    /// <param name="most">The most bytes to return, above 0.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The stream has more bytes than it may.</exception>
    public ValueTask<ReadOnlyMemory<byte>> TakeAsync(long most, CancellationToken cancellationToken) =>
        _start < _end ? new(Take(most)) : FillAndTakeAsync(most, cancellationToken);

    /// <summary>Reads bytes until a buffer is full or the stream ends.</summary>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="InvalidDataException">The stream has more bytes than it may.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = 0;
        while (read < buffer.Length)
        {
            var taken = await TakeAsync(buffer.Length - read, cancellationToken).ConfigureAwait(false);
            if (taken.IsEmpty)
                break;

            taken.CopyTo(buffer[read..]);
            read += taken.Length;
        }

        return read;
    }

    /// <summary>Returns the first bytes without taking them; fewer if the stream has fewer.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int length, CancellationToken cancellationToken)
    {
        while (_end - _start < length && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        return _buffer.AsMemory(_start, Math.Min(length, _end - _start));
    }

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">The stream has more bytes than it may.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (!(await TakeAsync(int.MaxValue, cancellationToken).ConfigureAwait(false)).IsEmpty)
        {
        }
    }

    public void Dispose()
    {
        _hash?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask<ReadOnlyMemory<byte>> FillAndTakeAsync(long most, CancellationToken cancellationToken)
    {
        _start = _end = 0;
        return await FillAsync(cancellationToken).ConfigureAwait(false) ? Take(most) : default;
    }

    private ReadOnlyMemory<byte> Take(long most)
    {
        var taken = _buffer.AsMemory(_start, (int)Math.Min(most, _end - _start));
        _start += taken.Length;
        return taken;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        Length += read;
        if (Length > limit)
            throw new InvalidDataException($"the layer has more than {limit} bytes without compression, which is the limit");

        _hash?.AppendData(_buffer, _end, read);
        _end += read;
        return read > 0;
    }
}
