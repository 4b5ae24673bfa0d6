using System.Buffers;
using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Storage.Trees;

/// <summary>Paths and names for messages.</summary>
internal static class TreePath
{
    private const int MaxLength = 1000;

    /// <summary>Returns the path of a name below some directories; the middle of a very long one is left out.</summary>
    public static string Of(IEnumerable<TreeLevel> levels, ReadOnlySpan<byte> name)
    {
        var above = string.Concat(levels.Select(level => Printable(level.Name) + "/"));
        var path = name.SequenceEqual(".\0"u8) ? above.TrimEnd('/') : above + Printable(name);
        return path.Length <= MaxLength ? path : $"{path[..(MaxLength / 2)]}[...]{path[^(MaxLength / 2)..]}";
    }

    /// <summary>Returns a name with all bytes that are not printable, or not UTF-8, as <c>\xNN</c>.</summary>
    public static string Printable(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        for (var rest = name.TrimEnd((byte)0); !rest.IsEmpty;)
        {
            var isText = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
            if (isText && !Rune.IsControl(rune) && rune.Value != '\\')
                text.Append(rune.ToString());
            else
                foreach (var value in rest[..length])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");

            rest = rest[length..];
        }

        return text.ToString();
    }
}
