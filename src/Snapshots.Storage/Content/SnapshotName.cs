using System.Globalization;
using System.Text.Unicode;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>The names of a snapshot's directories on disk, as bytes that end in a zero.</summary>
internal static class SnapshotName
{
    /// <summary>The longest of these names: a number of 19 digits, <c>/fs</c>, the zero.</summary>
    public const int MaxLength = 24;

    // The highest number of a store. A higher one on disk would make the store run out of numbers.
    private const long MaxNumber = 1L << 53;

    public const string Snapshots = "snapshots", Content = "fs", Work = "work";

    /// <summary>The snapshot's directory, in the directory of all snapshots.</summary>
    public static ReadOnlySpan<byte> Of(long number, Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{number}\0", out var length);
        return buffer[..length];
    }

    /// <summary>The directory of the snapshot's own files, in the directory of all snapshots.</summary>
    public static ReadOnlySpan<byte> ContentOf(long number, Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{number}/fs\0", out var length);
        return buffer[..length];
    }

    /// <summary>Returns the number of a name, or null if the name is not a snapshot's.</summary>
    public static long? NumberOf(ReadOnlySpan<byte> name)
    {
        var text = name.TrimEnd((byte)0);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > MaxNumber)
            return null;

        // "007" parses as a number, but is not a snapshot's name.
        return Of(number, stackalloc byte[MaxLength]).SequenceEqual(name) ? number : null;
    }
}
