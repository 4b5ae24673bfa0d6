using System.Globalization;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Where a table is in a layer's blob.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="StoredLength">Its length as it is stored, in bytes.</param>
/// <param name="Length">Its length without compression, in bytes; null if it is not known before.</param>
/// <param name="ContentEnd">Where the files end: the member or frame with the table begins there, or another one before it.</param>
internal readonly record struct TablePlace(long Start, long StoredLength, long? Length, long ContentEnd)
{
    /// <summary>The length of the header of a frame that is skipped, in bytes.</summary>
    public const int SkippedHeader = 8;

    // The only type of zstd:chunked's tables.
    private const long Type = 1;

    /// <summary>The byte behind the last one.</summary>
    public long End => Start + StoredLength;

    /// <summary>The place of a table in a frame that is skipped.</summary>
    public static TablePlace InFrame(long start, long storedLength, long length) => new(start, storedLength, length, start - SkippedHeader);

    /// <summary>Reads the annotation of zstd:chunked: offset, length, length without compression and type, with colons between them.</summary>
    public static bool TryParse(string text, out TablePlace place)
    {
        place = default;
        var parts = text.Split(':', 6);
        Span<long> numbers = stackalloc long[4];
        if (parts.Length != numbers.Length)
            return false;

        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        }

        place = InFrame(numbers[0], numbers[1], numbers[2]);
        return numbers[3] == Type;
    }

    /// <summary>Returns what is wrong with the place in a blob of this size; null for nothing.</summary>
    public string? Check(long size)
    {
        if (ContentEnd < 0 || StoredLength <= 0 || StoredLength > size || Start > size - StoredLength)
            return $"the table of contents is said to be at {Start}, with {StoredLength} bytes, and the layer has {size}";
        if (StoredLength > LayerTable.MaxStoredLength || Length > LayerTable.MaxLength)
            return $"the table of contents has {StoredLength} bytes, and {Length ?? 0} without compression, more than the limits of {LayerTable.MaxStoredLength} and {LayerTable.MaxLength}";

        return Length <= 0 ? "the table of contents is said to be empty" : null;
    }
}
