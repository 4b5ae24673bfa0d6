using System.Buffers.Binary;
using System.Buffers.Text;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>
/// The last bytes of a layer, which say where its table is. They are not verified: whatever they point to must have the digest
/// that the manifest has.
/// </summary>
internal static class TableFooter
{
    private const int GzipLength = 51, OldGzipLength = 47, DigitsLength = 16;
    private const int ZstdLength = 64, OldZstdLength = 40, ZstdMagicLength = 8;

    // An empty gzip member: its header with an extra field, a stored block of no bytes, checksum and length. Only the digits differ.
    private static ReadOnlySpan<byte> GzipStart => [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> GzipEnd => [(byte)'S', (byte)'T', (byte)'A', (byte)'R', (byte)'G', (byte)'Z', 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Finds the place of a table.</summary>
    /// <param name="tail">The last bytes of the blob, at least 64 unless it has fewer.</param>
    /// <param name="size">The size of the blob, in bytes.</param>
    /// <param name="kind">The kind of the table.</param>
    /// <exception cref="InvalidDataException">There is no such place.</exception>
    public static TablePlace Find(ReadOnlySpan<byte> tail, long size, LayerTableKind kind)
    {
        var place = (kind == LayerTableKind.EStargz ? InGzip(tail, size) : InZstd(tail)) ?? throw new InvalidDataException(
            tail.IndexOf("STARGZEXTERNALTOC"u8) >= 0 ? "the layer's table of contents is in another image, which is not supported" : "the layer does not end as its table of contents needs");
        return place.Check(size) is { } wrong ? throw new InvalidDataException(wrong) : place;
    }

    private static TablePlace? InGzip(ReadOnlySpan<byte> tail, long size)
    {
        if (!tail.EndsWith(GzipEnd))
            return null;

        var digits = tail[..^GzipEnd.Length];
        digits = digits[^Math.Min(DigitsLength, digits.Length)..];
        var length = HasHeader(tail, [26, 0, (byte)'S', (byte)'G', 22, 0]) ? GzipLength : HasHeader(tail, [22, 0]) ? OldGzipLength : 0;
        return length > 0 && Utf8Parser.TryParse(digits, out long start, out var used, 'x') && used == DigitsLength
            ? new(start, size - length - start, null, start)
            : null;
    }

    private static bool HasHeader(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> extra)
    {
        var length = GzipStart.Length + 1 + extra.Length + DigitsLength + GzipEnd.Length;
        if (tail.Length < length)
            return false;

        // Between them is the operating system.
        var footer = tail[^length..];
        return footer.StartsWith(GzipStart) && footer[(GzipStart.Length + 1)..].StartsWith(extra);
    }

    private static TablePlace? InZstd(ReadOnlySpan<byte> tail)
    {
        if (tail.Length < OldZstdLength)
            return null;

        var magic = tail[^ZstdMagicLength..];
        var length = magic.SequenceEqual("GNUlInUx"u8) ? ZstdLength : magic.SequenceEqual("GnUlInUx"u8) ? OldZstdLength : int.MaxValue;
        if (tail.Length < length)
            return null;

        var footer = tail[^length..];
        return BinaryPrimitives.ReadInt64LittleEndian(footer[24..]) == 1
            ? TablePlace.InFrame(BinaryPrimitives.ReadInt64LittleEndian(footer), BinaryPrimitives.ReadInt64LittleEndian(footer[8..]), BinaryPrimitives.ReadInt64LittleEndian(footer[16..]))
            : null;
    }
}
