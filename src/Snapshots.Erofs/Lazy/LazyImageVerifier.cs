using System.Buffers;
using System.Collections;
using Containerd.Snapshots.Erofs.Lazy;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Takes the contents of all files of a layer, as they are in the layer's archive, compares them with the digests of the table,
/// and stores the chunks that are absent. The members are not thread-safe; readers go on meanwhile.
/// </summary>
public sealed class LazyImageVerifier : IDisposable
{
    private readonly LazyImage _image;
    private readonly ChunkTable _table;
    private readonly BitArray _seen;
    private byte[] _buffer = [];
    private int _index = -1; // Of the chunk that is in part in the buffer.
    private LazyChunk _chunk;
    private int _filled;

    internal LazyImageVerifier(LazyImage image, ChunkTable table)
    {
        (_image, _table) = (image, table);
        _seen = new(table.Count);
    }

    /// <summary>Takes bytes of a file's content.</summary>
    /// <param name="offset">
    /// Where they belong in the image, in bytes. A chunk has to be written from its start to its end, in one or several calls.
    /// </param>
    /// <param name="content">The bytes, which may be in any number of chunks, or in none.</param>
    /// <exception cref="InvalidDataException">The bytes are not what the table says.</exception>
    /// <exception cref="IOException">The image cannot be read.</exception>
    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            var count = _index >= 0 ? Continue(offset, content) : Begin(offset, content);
            offset += count;
            content = content[count..];
        }
    }

    /// <summary>
    /// Ends the pass: the table is right. The image may still lack chunks for which there was no space
    /// (<see cref="LazyImage.IsComplete"/>).
    /// </summary>
    /// <exception cref="InvalidDataException">Chunks of the table were not written: the archive lacks what the table says.</exception>
    public void Complete()
    {
        if (_index >= 0)
            throw Unequal(_chunk, $"the archive has {_filled} of its {_chunk.Length} bytes");
        for (var index = 0; index < _seen.Count; index++)
        {
            if (!_seen[index])
                throw Unequal(_table[index], "the archive does not have it");
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // Outside of chunks the bytes are there from the start.
    private int Begin(long offset, ReadOnlySpan<byte> content)
    {
        if (offset < 0 || offset > _image.Length - content.Length)
            throw new InvalidDataException($"the archive has {content.Length} bytes for position {offset} of the image, which has {_image.Length}");

        var index = _table.FirstEndingAfter(offset);
        var chunk = index < _table.Count ? _table[index] : default;
        if (index == _table.Count || chunk.Offset > offset)
        {
            var gap = index == _table.Count ? content.Length : (int)Math.Min(content.Length, chunk.Offset - offset);
            if (!_image.IsEqual(offset, content[..gap]))
                throw new InvalidDataException($"the archive has bytes at {offset} of the image that no chunk of the table has");

            return gap;
        }

        if (chunk.Offset < offset)
            throw Unequal(chunk, $"the archive begins {offset - chunk.Offset} bytes behind its start");

        if (_buffer.Length < chunk.Length)
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(chunk.Length);
        }

        (_index, _chunk, _filled) = (index, chunk, 0);
        return Continue(offset, content);
    }

    private int Continue(long offset, ReadOnlySpan<byte> content)
    {
        if (offset != _chunk.Offset + _filled)
            throw Unequal(_chunk, $"the archive has {_filled} of its {_chunk.Length} bytes");

        var count = Math.Min(content.Length, _chunk.Length - _filled);
        content[..count].CopyTo(_buffer.AsSpan(_filled));
        _filled += count;
        if (_filled == _chunk.Length)
            End();

        return count;
    }

    private void End()
    {
        var content = _buffer.AsSpan(0, _filled);
        var digest = ChunkDigest.Of(content);
        if (digest != _chunk.Digest)
            throw Unequal(_chunk, $"the archive has the digest {digest}, and the table says {_chunk.Digest}");

        if (!_image.IsStored(_index))
        {
            _image.CountVerified(ChunkCause.Background, _filled);
            _image.TryStore(_index, _chunk, content);
        }

        _seen[_index] = true;
        _index = -1;
    }

    private static InvalidDataException Unequal(in LazyChunk chunk, string why) =>
        new($"the layer's table of contents does not fit its archive, at {chunk.Offset} of the image: {why}");
}
