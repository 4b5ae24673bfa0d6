using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Erofs.Mounts;

/// <summary>The mounts that this process sees.</summary>
internal static class MountTable
{
    private const string File = "/proc/self/mountinfo";

    /// <summary>Reads all mounts, in the order of their mounting.</summary>
    public static IEnumerable<MountEntry> Read() => System.IO.File.ReadLines(File, Encoding.Latin1).Select(Parse).OfType<MountEntry>();

    // id parent major:minor root directory options [more...] - type source options
    internal static MountEntry? Parse(string line)
    {
        var (before, after) = line.IndexOf(" - ", StringComparison.Ordinal) is > 0 and var end ? (line[..end].Split(' '), line[(end + 3)..].Split(' ')) : ([], []);
        return before.Length >= 5 && after.Length >= 2 && ulong.TryParse(before[0], CultureInfo.InvariantCulture, out var id)
            ? new(id, before[2], Unescape(before[3]), Unescape(before[4]), after[0], Unescape(after[1]))
            : null;
    }

    // Space, tab, line feed and backslash are a backslash with three octal digits. Names are UTF-8.
    private static string Unescape(string text)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                bytes[length++] = (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0'));
                i += 3;
            }
            else
            {
                bytes[length++] = (byte)text[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static bool IsOctal(char digit) => digit is >= '0' and <= '7';
}

/// <summary>A mount.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Device">The numbers of its device, <c>MAJOR:MINOR</c>.</param>
/// <param name="Root">The directory of the file system that is mounted.</param>
/// <param name="Directory">Where it is mounted.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">What was mounted.</param>
internal sealed record MountEntry(ulong Id, string Device, string Root, string Directory, string Type, string Source)
{
    /// <summary>The image, or null if it is another file system.</summary>
    public MountedErofs? ToErofs() => Type == "erofs" ? new(Directory, FileOfLoop() ?? Source, Root) : null;

    private string? FileOfLoop()
    {
        try
        {
            return System.IO.File.ReadAllText($"/sys/dev/block/{Device}/loop/backing_file").TrimEnd('\n');
        }
        catch (IOException) // It is no loop device.
        {
            return null;
        }
    }
}
