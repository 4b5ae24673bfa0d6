using System.Globalization;
using System.Text.Unicode;

namespace Containerd.Snapshots.Overlay.Directories;

/// <summary>The names that a snapshot's number has on disk, as bytes that end in a zero.</summary>
internal static class SnapshotName
{
    /// <summary>The longest of these names: a number of 19 digits, <c>/fs</c>, the zero.</summary>
    public const int MaxLength = 24;

    // No snapshotter comes to more, and whatever counts on from there would come to no number at all.
    private const long MaxNumber = 1L << 53;

    public const string Snapshots = "snapshots", Content = "fs", Work = "work";

    /// <summary>The snapshot's directory, in the directory of all of them.</summary>
    public static ReadOnlySpan<byte> Of(long number, Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{number}\0", out var length);
        return buffer[..length];
    }

    /// <summary>What the snapshot changes, from the directory of all of them.</summary>
    public static ReadOnlySpan<byte> ContentOf(long number, Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{number}/fs\0", out var length);
        return buffer[..length];
    }

    /// <summary>The number that a name stands for, or null if no snapshot has that name.</summary>
    public static long? NumberOf(ReadOnlySpan<byte> name)
    {
        var text = name.TrimEnd((byte)0);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > MaxNumber)
            return null;

        // "007" reads as a number, yet no snapshot is called that.
        return Of(number, stackalloc byte[MaxLength]).SequenceEqual(name) ? number : null;
    }
}
