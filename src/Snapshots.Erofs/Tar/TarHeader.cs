using System.Buffers.Binary;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>The header of an entry: 512 bytes, in one of the formats v7, ustar and GNU.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> bytes)
{
    public const int Length = 512;

    private const int ChecksumOffset = 148, ChecksumLength = 8;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public TarType Type => (TarType)_bytes[156];

    /// <summary>Whether all bytes are zero, as at the end of an archive.</summary>
    public bool IsEmpty => !_bytes.ContainsAnyExcept((byte)0);

    private bool IsPosix => _bytes.Slice(257, 8).SequenceEqual("ustar\000"u8);

    private bool IsGnu => _bytes.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    public long Size => Number(124, 12, "size");

    /// <summary>Makes the entry, with what the header itself says.</summary>
    public TarEntry ToEntry()
    {
        var hasDevice = IsPosix || IsGnu;
        var isGnuSparse = Type == TarType.GnuSparse;
        return new()
        {
            Type = Type,
            Path = Path(),
            Target = Text(157, 100).ToArray(),
            Mode = (int)(Number(100, 8, "mode") & 0xFFF),
            UserId = Number(108, 8, "user ID"),
            GroupId = Number(116, 8, "group ID"),
            ModifiedAt = (Number(136, 12, "time"), 0),
            Major = hasDevice ? Number(329, 8, "major number") : 0,
            Minor = hasDevice ? Number(337, 8, "minor number") : 0,
            Size = isGnuSparse ? Number(483, 12, "real size") : Size,
            StoredSize = Size,
        };
    }

    /// <summary>Adds the parts that a header of GNU's type <c>S</c> has, or a block that continues it.</summary>
    /// <param name="parts">Takes the parts.</param>
    /// <param name="isHeader">Whether this is the header, which has four parts; a block has 21.</param>
    /// <returns>Whether another block follows.</returns>
    public bool AddParts(List<TarPart> parts, bool isHeader)
    {
        var (first, count) = isHeader ? (386, 4) : (0, 21);
        for (var i = 0; i < count; i++)
        {
            var at = first + (i * 24);
            if (_bytes.Slice(at, 24).ContainsAnyExcept((byte)0, (byte)' '))
                parts.Add(new(Number(at, 12, "offset"), Number(at + 12, 12, "length")));
        }

        return _bytes[isHeader ? 482 : 504] != 0;
    }

    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public void Check()
    {
        var expected = Number(ChecksumOffset, ChecksumLength, "checksum");
        long unsigned = 0, signed = 0;
        for (var i = 0; i < Length; i++)
        {
            var value = i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? (byte)' ' : _bytes[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        if (expected != unsigned && expected != signed)
            throw new InvalidDataException("the tar archive is damaged: a header has a wrong checksum");
    }

    private byte[] Path()
    {
        var name = Text(0, 100);
        var prefix = IsPosix ? Text(345, 155) : [];
        return prefix.Length == 0 ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    private ReadOnlySpan<byte> Text(int at, int length)
    {
        var text = _bytes.Slice(at, length);
        return text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;
    }

    // Octal digits, or GNU's binary numbers.
    private long Number(int at, int length, string what)
    {
        var text = _bytes.Slice(at, length);
        if ((text[0] & 0x80) != 0)
            return Binary(text, what);

        long number = 0;
        foreach (var digit in text.Trim([(byte)' ', (byte)0]))
        {
            if (digit is < (byte)'0' or > (byte)'7' || number > long.MaxValue / 8)
                throw Damaged(what);

            number = (number * 8) + digit - '0';
        }

        return number;
    }

    private static long Binary(ReadOnlySpan<byte> text, string what)
    {
        var isNegative = text[0] == 0xFF;
        Span<byte> digits = stackalloc byte[text.Length];
        text.CopyTo(digits);
        digits[0] = isNegative ? (byte)0xFF : (byte)(text[0] & 0x7F);
        var fill = isNegative ? (byte)0xFF : (byte)0;
        var number = digits.Length > 8 ? BinaryPrimitives.ReadInt64BigEndian(digits[^8..]) : Short(digits, fill);
        if (digits.Length > 8 && (digits[..^8].ContainsAnyExcept(fill) || number < 0 != isNegative))
            throw Damaged(what);

        return number;
    }

    private static long Short(ReadOnlySpan<byte> digits, byte fill)
    {
        Span<byte> whole = stackalloc byte[sizeof(long)];
        whole.Fill(fill);
        digits.CopyTo(whole[^digits.Length..]);
        return BinaryPrimitives.ReadInt64BigEndian(whole);
    }

    private static InvalidDataException Damaged(string what) => new($"the tar archive is damaged: the {what} of a header is not a number");
}
