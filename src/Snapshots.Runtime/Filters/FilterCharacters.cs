using System.Buffers;
using System.Globalization;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>The classes of characters that containerd's filter language knows.</summary>
internal static class FilterCharacters
{
    public static SearchValues<char> Field { get; } =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public static SearchValues<char> Operator { get; } = SearchValues.Create("=!~");

    private static SearchValues<char> Suspects { get; } =
        SearchValues.Create(['\0', '\uFFFD', .. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    // containerd takes these for quotes; a single quote is an ordinary character of a bare value.
    public static bool IsQuote(char character) => character is '"' or '/' or '|';

    public static bool IsSeparator(char character) => character is ',' or '.';

    /// <summary>Whether a bare value goes on with the character at an index: letters, marks, numbers, signs.</summary>
    public static bool IsValueAt(string text, int index) =>
        text[index] != ',' && CharUnicodeInfo.GetUnicodeCategory(text, index) is not (
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    public static int LengthAt(string text, int index) => char.IsSurrogatePair(text, index) ? 2 : 1;

    /// <summary>
    /// The index of the first character that containerd refuses wherever it stands, or -1: NUL, and U+FFFD, by which its
    /// scanner knows a text that is not UTF-8. So half a surrogate pair is one too.
    /// </summary>
    public static int IndexOfRefused(ReadOnlySpan<char> text)
    {
        var index = 0;
        while (text[index..].IndexOfAny(Suspects) is var step and >= 0)
        {
            index += step;
            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                return index;

            index += 2;
        }

        return -1;
    }
}
