using System.Buffers.Text;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>
/// Reads a tar archive from a stream, entry by entry, in the formats that layers come in: v7, ustar, POSIX and GNU, with
/// sparse files of all kinds. What it keeps in memory is bounded, whatever the archive says.
/// </summary>
internal sealed class TarReader(Stream archive)
{
    // Of records, a long path and a sparse file's map.
    private const int MaxExtraLength = 1 << 20, MaxParts = 1 << 16;

    private readonly byte[] _header = new byte[TarHeader.Length];

    // What the archive still has of the current entry, and the padding behind it.
    private long _rest;
    private int _padding;

    /// <summary>Moves to the next entry.</summary>
    /// <returns>The entry, or null at the end.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or ends too early.</exception>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken cancellationToken)
    {
        var records = new TarRecords();
        byte[]? path = null, target = null;
        while (await ReadHeaderAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (new TarHeader(_header).Type)
            {
                case TarType.Records:
                    records = TarRecords.Parse(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case TarType.GlobalRecords:
                    _ = await ReadExtraAsync(cancellationToken).ConfigureAwait(false); // containerd ignores them.
                    break;
                case TarType.GnuLongPath:
                    path = TextIn(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    break;
                case TarType.GnuLongTarget:
                    target = TextIn(await ReadExtraAsync(cancellationToken).ConfigureAwait(false));
                    break;
                default:
                    return await BeginAsync(records, path, target, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    /// <summary>Reads the stored content of the current entry.</summary>
    /// <returns>The number of bytes; 0 at the end of the content.</returns>
    /// <exception cref="InvalidDataException">The archive ends too early.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest == 0 || buffer.Length == 0)
            return 0;

        var read = await archive.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _rest)], cancellationToken).ConfigureAwait(false);
        if (read == 0)
            throw TooShort();

        _rest -= read;
        return read;
    }

    private async ValueTask<TarEntry> BeginAsync(TarRecords records, byte[]? path, byte[]? target, CancellationToken cancellationToken)
    {
        var entry = new TarHeader(_header).ToEntry();
        entry.Path = path ?? entry.Path;
        entry.Target = target ?? entry.Target;
        records.Apply(entry);
        CheckSize(entry.StoredSize);
        if (entry.Type is not (TarType.Regular or TarType.OldRegular or TarType.Contiguous or TarType.GnuSparse))
            entry.StoredSize = 0; // Some archives give links the size of their targets, without content.

        if (entry.Type == TarType.GnuSparse)
            entry.Parts = await ReadPartsAsync(cancellationToken).ConfigureAwait(false);

        Limit(entry.StoredSize);
        if (records.HasMapInContent)
            entry.Parts = await ReadMapAsync(cancellationToken).ConfigureAwait(false);

        CheckParts(entry);
        return entry;
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await SkipAsync(cancellationToken).ConfigureAwait(false);
        var read = await archive.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
            return false; // Some archives have no end mark.
        if (read < _header.Length)
            throw TooShort();

        if (new TarHeader(_header).IsEmpty)
            return false;

        new TarHeader(_header).Check();
        return true;
    }

    private async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(64 << 10, _rest + _padding)];
        for (var left = _rest + _padding; left > 0;)
        {
            var read = await archive.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw TooShort();

            left -= read;
        }

        (_rest, _padding) = (0, 0);
    }

    private async ValueTask<byte[]> ReadExtraAsync(CancellationToken cancellationToken)
    {
        var size = new TarHeader(_header).Size;
        CheckSize(size);
        if (size > MaxExtraLength)
            throw new InvalidDataException($"the tar archive has a path or records of {size} bytes; at most {MaxExtraLength} are read");

        Limit(size);
        var extra = new byte[size];
        await ReadAllAsync(extra, cancellationToken).ConfigureAwait(false);
        return extra;
    }

    // GNU's old format: the map is in the header and in blocks behind it, which the size does not count.
    private async ValueTask<List<TarPart>> ReadPartsAsync(CancellationToken cancellationToken)
    {
        var parts = new List<TarPart>();
        var isHeader = true;
        while (new TarHeader(_header).AddParts(parts, isHeader))
        {
            if (parts.Count > MaxParts)
                throw TooManyParts();
            if (await archive.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < _header.Length)
                throw TooShort();

            isHeader = false;
        }

        return parts;
    }

    // Format 1.0: lines with the count, then offset and length of each part, padded to whole blocks.
    private async ValueTask<List<TarPart>> ReadMapAsync(CancellationToken cancellationToken)
    {
        var lines = new MapLines(this);
        var count = await lines.NextAsync(cancellationToken).ConfigureAwait(false);
        if (count > MaxParts)
            throw TooManyParts();

        var parts = new List<TarPart>();
        for (var i = 0; i < count; i++)
        {
            var offset = await lines.NextAsync(cancellationToken).ConfigureAwait(false);
            parts.Add(new(offset, await lines.NextAsync(cancellationToken).ConfigureAwait(false)));
        }

        return parts;
    }

    private async ValueTask ReadAllAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var read = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw TooShort();

            buffer = buffer[read..];
        }
    }

    private void Limit(long size)
    {
        _rest = size;
        _padding = (int)(-size & (TarHeader.Length - 1));
    }

    // Ascending, inside the file, and as long together as what is stored.
    private void CheckParts(TarEntry entry)
    {
        CheckSize(entry.Size);
        if (entry.Parts is not { } parts)
            return;

        var (end, length) = (0L, 0L);
        foreach (var part in parts)
        {
            if (part.Offset < end || part.Length < 0 || part.Length > entry.Size - part.Offset)
                throw new InvalidDataException("the tar archive is damaged: the parts of a sparse file overlap, or are outside of it");

            end = part.Offset + part.Length;
            length += part.Length;
        }

        if (length != _rest)
            throw new InvalidDataException($"the tar archive is damaged: a sparse file has {_rest} bytes of content, and its parts {length}");
    }

    private static void CheckSize(long size)
    {
        if (size < 0)
            throw new InvalidDataException($"the tar archive is damaged: an entry has a size of {size}");
    }

    private static byte[] TextIn(byte[] extra) => Array.IndexOf(extra, (byte)0) is >= 0 and var end ? extra[..end] : extra;

    private static InvalidDataException TooShort() => new("the tar archive ends in the middle of an entry");

    private static InvalidDataException TooManyParts() => new($"a sparse file in the tar archive has more than {MaxParts} parts");

    /// <summary>Decimal numbers, each with a line feed, in whole blocks.</summary>
    private sealed class MapLines(TarReader reader)
    {
        private const int MaxDigits = 20;

        private readonly byte[] _block = new byte[TarHeader.Length];
        private int _next = TarHeader.Length;

        public async ValueTask<long> NextAsync(CancellationToken cancellationToken)
        {
            var digits = new byte[MaxDigits];
            for (var count = 0; count < MaxDigits; count++)
            {
                if (_next == _block.Length)
                {
                    await reader.ReadAllAsync(_block, cancellationToken).ConfigureAwait(false);
                    _next = 0;
                }

                digits[count] = _block[_next++];
                if (digits[count] != '\n')
                    continue;

                if (Utf8Parser.TryParse(digits.AsSpan(0, count), out long number, out var used) && used == count && number >= 0)
                    return number;

                break;
            }

            throw new InvalidDataException("the tar archive is damaged: the map of a sparse file is not made of numbers");
        }
    }
}
