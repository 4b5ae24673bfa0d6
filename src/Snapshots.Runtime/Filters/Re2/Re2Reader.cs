using System.Text;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>A place in an RE2 expression.</summary>
internal sealed class Re2Reader(string pattern)
{
    public int Position { get; set; }

    public bool AtEnd => Position == pattern.Length;

    /// <summary>The next UTF-16 unit, or -1 at the end.</summary>
    public int Peek => AtEnd ? -1 : pattern[Position];

    /// <summary>The one after the next, or -1.</summary>
    public int PeekSecond => Position + 1 < pattern.Length ? pattern[Position + 1] : -1;

    public void Skip(int length) => Position += length;

    public bool TrySkip(string expected)
    {
        if (!pattern.AsSpan(Position).StartsWith(expected, StringComparison.Ordinal))
            return false;

        Position += expected.Length;
        return true;
    }

    /// <summary>Reads a whole character. There has to be one, and the pattern to be proper UTF-16.</summary>
    public int ReadCharacter()
    {
        var rune = Rune.GetRuneAt(pattern, Position);
        Position += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>Reads up to an ending, and that too; null, and nothing read, if it does not come.</summary>
    public string? ReadUpTo(string ending)
    {
        var length = pattern.AsSpan(Position).IndexOf(ending, StringComparison.Ordinal);
        if (length < 0)
            return null;

        var read = pattern.Substring(Position, length);
        Position += length + ending.Length;
        return read;
    }
}
