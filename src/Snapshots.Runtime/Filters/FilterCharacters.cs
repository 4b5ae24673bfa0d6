using System.Buffers;
using System.Globalization;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>The character classes of containerd's filter language.</summary>
internal static class FilterCharacters
{
    public static SearchValues<char> Field { get; } =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public static SearchValues<char> Operator { get; } = SearchValues.Create("=!~");

    private static SearchValues<char> MaybeRefused { get; } =
        SearchValues.Create(['\0', '\uFFFD', .. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    // containerd's quotes. A single quote is an ordinary character of a bare value.
    public static bool IsQuote(char character) => character is '"' or '/' or '|';

    public static bool IsSeparator(char character) => character is ',' or '.';

    /// <summary>Whether the character at an index continues a bare value: letters, marks, numbers, signs.</summary>
    public static bool IsValueAt(string text, int index) =>
        text[index] != ',' && CharUnicodeInfo.GetUnicodeCategory(text, index) is not (
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    public static int LengthAt(string text, int index) => char.IsSurrogatePair(text, index) ? 2 : 1;

    /// <summary>
    /// The index of the first character that containerd refuses at any position, or -1: NUL and U+FFFD, which its scanner
    /// takes for invalid UTF-8. An unpaired surrogate becomes U+FFFD, so it counts, too.
    /// </summary>
    public static int IndexOfRefused(ReadOnlySpan<char> text)
    {
        var index = 0;
        while (text[index..].IndexOfAny(MaybeRefused) is var step and >= 0)
        {
            index += step;
            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                return index;

            index += 2;
        }

        return -1;
    }
}
