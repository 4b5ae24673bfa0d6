using System.Security.Cryptography;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Passes a stream on and computes its digest. Its length is limited.</summary>
/// <param name="stream">The stream; it stays open.</param>
/// <param name="limit">The most bytes.</param>
/// <param name="what">What the bytes are, for the error.</param>
internal sealed class DigestStream(Stream stream, long limit, string what) : Stream
{
    private const int DrainLength = 64 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    /// <summary>How many bytes were read.</summary>
    public override long Length => _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>The digest of what was read: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string Digest() => $"sha256:{Convert.ToHexStringLower(_hash.GetCurrentHash())}";

    /// <summary>Reads to the end.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[DrainLength];
        while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        var read = stream.Read(buffer);
        Count(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        if (_length > limit)
            throw new InvalidDataException($"the layer has more than {limit} bytes ({what})");

        _hash.AppendData(bytes);
    }
}
