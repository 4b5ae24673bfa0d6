using System.Buffers;
using System.IO.Compression;
using Containerd.Snapshots.Erofs.Input;
using ZstdSharp;

namespace Containerd.Snapshots.Erofs.Chunks;

/// <summary>A part of a blob that is read once: its members or frames are opened in their order.</summary>
/// <param name="blob">The part; it stays open.</param>
/// <param name="start">Where it begins in the blob.</param>
/// <param name="isGzip">Whether the members are gzip's; otherwise they are zstd's frames.</param>
internal sealed class BlobRun(Stream blob, long start, bool isGzip) : IDisposable
{
    private const int SkipLength = 32 << 10;

    private Decompressor? _decompressor;
    private long _position = start;

    private Stream Blob => blob;

    /// <summary>Opens a member, without compression. The one before must not be read any more.</summary>
    /// <param name="memberStart">Where it begins in the blob.</param>
    /// <param name="memberEnd">Where it ends at the latest.</param>
    /// <param name="cancellationToken">Ends the skipping of what is before it.</param>
    public async ValueTask<Stream> OpenAsync(long memberStart, long memberEnd, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(memberStart, _position);
        await SkipToAsync(memberStart, cancellationToken).ConfigureAwait(false);
        var member = new Member(this, memberEnd);
        if (isGzip)
            return new GZipStream(member, CompressionMode.Decompress);

        // Its memory is used for one frame after the other.
        _decompressor ??= Compression.NewDecompressor();
        _decompressor.ResetStream();
        return new DecompressionStream(member, _decompressor, leaveOpen: true, preserveDecompressor: true);
    }

    public void Dispose() => _decompressor?.Dispose();

    private async ValueTask SkipToAsync(long position, CancellationToken cancellationToken)
    {
        if (_position == position)
            return;

        var buffer = ArrayPool<byte>.Shared.Rent(SkipLength);
        try
        {
            while (_position < position)
            {
                var read = await Blob.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, position - _position)), cancellationToken).ConfigureAwait(false);
                _position += read > 0 ? read : throw new EndOfStreamException("it ends too early");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Member(BlobRun run, long end) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = (int)Math.Min(buffer.Length, end - run._position);
            if (length <= 0)
                return 0;

            var read = await run.Blob.ReadAsync(buffer[..length], cancellationToken).ConfigureAwait(false);
            run._position += read;
            return read;
        }
    }
}
