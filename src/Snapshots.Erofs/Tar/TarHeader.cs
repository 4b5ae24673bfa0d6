using System.Numerics;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>The header of an entry: 512 bytes, in one of the formats v7, ustar, star and GNU.</summary>
/// <param name="bytes">The bytes; what is read of them refers to them.</param>
internal readonly struct TarHeader(byte[] bytes)
{
    public const int Length = 512;

    private const int ChecksumOffset = 148, ChecksumLength = 8;

    public TarType Type => (TarType)bytes[156];

    /// <summary>Whether all bytes are zero, as at the end of an archive.</summary>
    public bool IsEmpty => !bytes.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>The length of the content, in bytes.</summary>
    /// <exception cref="InvalidDataException">It is not a number.</exception>
    public long Size => Number(124, 12, "size");

    private bool IsPosix => bytes.AsSpan(257, 6).SequenceEqual("ustar\0"u8);

    private bool IsStar => IsPosix && bytes.AsSpan(508, 4).SequenceEqual("tar\0"u8);

    private bool IsGnu => bytes.AsSpan(257, 8).SequenceEqual("ustar  \0"u8);

    /// <summary>Describes the entry as the header does.</summary>
    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public void Describe(TarEntry entry)
    {
        var hasDevice = IsPosix || IsGnu;
        entry.Type = Type;
        entry.Path = Path();
        entry.Target = Text(157, 100);
        entry.Mode = (int)(Number(100, 8, "mode") & 0xFFF);
        entry.UserId = Number(108, 8, "user ID");
        entry.GroupId = Number(116, 8, "group ID");
        entry.ModifiedAt = new(Number(136, 12, "time"), 0);
        entry.Major = hasDevice ? Number(329, 8, "major number") : 0;
        entry.Minor = hasDevice ? Number(337, 8, "minor number") : 0;
        entry.Size = Size;
        entry.Parts = null;
        entry.ExtendedAttributes = [];
    }

    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public void Check()
    {
        var expected = Number(ChecksumOffset, ChecksumLength, "checksum");
        var all = Sum(bytes);
        var own = Sum(bytes.AsSpan(ChecksumOffset, ChecksumLength));
        var unsigned = all.Bytes - own.Bytes + (ChecksumLength * ' ');
        var high = all.High - own.High;

        // Some writers take the bytes for signed.
        if (expected != unsigned && expected != unsigned - (high << 8))
            throw new InvalidDataException("the tar archive is damaged: a header has a wrong checksum");
    }

    // The sum of up to 512 bytes, and how many are above 127. Four sums of 16 bits are in one number: layers have many headers.
    private static (long Bytes, long High) Sum(ReadOnlySpan<byte> bytes)
    {
        const ulong Every2nd = 0x00FF_00FF_00FF_00FF, HighBits = 0x8080_8080_8080_8080;
        var (sums, high) = (0UL, 0L);
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sums += (eight & Every2nd) + ((eight >> 8) & Every2nd);
            high += BitOperations.PopCount(eight & HighBits);
        }

        return ((long)((sums & 0xFFFF) + (sums >> 16 & 0xFFFF) + (sums >> 32 & 0xFFFF) + (sums >> 48)), high);
    }

    private ReadOnlyMemory<byte> Path()
    {
        var name = Text(0, 100);
        var prefix = Prefix();
        return prefix.IsEmpty ? name : (byte[])[.. prefix.Span, (byte)'/', .. name.Span];
    }

    private ReadOnlyMemory<byte> Prefix()
    {
        if (IsStar)
            return Text(345, 131);
        if (IsPosix)
            return Text(345, 155);

        // Old versions of Go wrote a prefix into GNU's format, where times of access and change belong.
        return IsGnu && !(HasTime(345) && HasTime(357)) && Text(345, 155) is var text && !text.Span.ContainsAnyExceptInRange((byte)1, (byte)0x7F)
            ? text
            : default;
    }

    private bool HasTime(int at) => bytes[at] == 0 || TarNumber.TryParse(bytes.AsSpan(at, 12), out _);

    private ReadOnlyMemory<byte> Text(int at, int length)
    {
        var text = bytes.AsMemory(at, length);
        return text.Span.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;
    }

    private long Number(int at, int length, string what) => TarNumber.TryParse(bytes.AsSpan(at, length), out var number)
        ? number
        : throw new InvalidDataException($"the tar archive is damaged: the {what} of a header is not a number");
}
