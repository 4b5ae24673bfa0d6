using System.IO.Compression;

namespace Containerd.Snapshots.Erofs.Input;

/// <summary>Inflates gzip of one or several members, and refuses what is truncated or has other bytes behind it.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes both for the end. So it is given one more member behind the layer, whose content it returns
/// only if the layer is whole.
/// </remarks>
internal sealed class GzipLayerStream : ReadOnlyStream
{
    private static readonly byte[] Mark = "the layer ends here"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly MarkedStream _layer;
    private readonly GZipStream _gzip;
    private int _seen; // Of the mark.

    /// <param name="layer">The layer; it stays open.</param>
    public GzipLayerStream(Stream layer)
    {
        _layer = new(layer);
        _gzip = new(_layer, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await _gzip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (!_layer.IsAtEnd)
                return read > 0 || buffer.IsEmpty ? read : throw new InvalidDataException("the layer's gzip compression is damaged: other bytes follow it");
            if (_seen == Mark.Length && read == 0)
                return 0;
            if (read == 0 || read > Mark.Length - _seen || !buffer.Span[..read].SequenceEqual(Mark.AsSpan(_seen, read)))
                throw new InvalidDataException("the layer's gzip compression is damaged: it ends too early");

            _seen += read;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(content);

        return compressed.ToArray();
    }

    /// <summary>The layer, then the mark in a read of its own: all that the layer inflates to has been returned before.</summary>
    private sealed class MarkedStream(Stream layer) : ReadOnlyStream
    {
        private int _given;

        /// <summary>Whether the layer was read to its end.</summary>
        public bool IsAtEnd { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!IsAtEnd && await layer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
                return read;

            IsAtEnd |= !buffer.IsEmpty;
            var given = Math.Min(buffer.Length, MarkMember.Length - _given);
            MarkMember.AsMemory(_given, given).CopyTo(buffer);
            _given += given;
            return given;
        }
    }
}
