using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>Ranges of characters as .NET classes, which hold UTF-16 units.</summary>
internal static class Utf16Classes
{
    /// <summary>A class that matches nothing.</summary>
    public const string Nothing = @"[^\u0000-\uffff]";

    /// <summary>All halves of surrogate pairs, which are no characters; without brackets.</summary>
    public const string Surrogates = @"\ud800-\udfff";

    private const int FirstSurrogate = 0xD800;
    private const int FirstLow = 0xDC00;
    private const int LastSurrogate = 0xDFFF;
    private const int LastUnit = 0xFFFF;
    private const int UnitsPerHigh = 0x400;

    /// <summary>Appends what a range has up to U+FFFF, without brackets.</summary>
    public static void AppendUnits(StringBuilder output, int first, int last)
    {
        AppendUnitRange(output, first, Math.Min(last, FirstSurrogate - 1));
        AppendUnitRange(output, Math.Max(first, LastSurrogate + 1), Math.Min(last, LastUnit));
    }

    /// <summary>Adds what a range has beyond U+FFFF, as alternatives of two classes each.</summary>
    public static void AddPairs(List<string> alternatives, int first, int last)
    {
        // At most three steps: the rest of a high half's characters, all those of several, the start of another's.
        for (first = Math.Max(first, LastUnit + 1); first <= last;)
        {
            var (high, low) = (High(first), Low(first));
            var lastHigh = (low, Low(last)) switch
            {
                (not FirstLow, _) => high,
                (_, LastSurrogate) => High(last),
                _ => Math.Max(high, High(last) - 1),
            };
            var lastLow = lastHigh == High(last) ? Low(last) : LastSurrogate;
            alternatives.Add($"{Class(high, lastHigh)}{Class(low, lastLow)}");
            first += ((lastHigh - high) * UnitsPerHigh) + lastLow - low + 1;
        }
    }

    private static int High(int character) => FirstSurrogate + ((character - LastUnit - 1) / UnitsPerHigh);

    private static int Low(int character) => FirstLow + (character % UnitsPerHigh);

    private static string Class(int first, int last)
    {
        var range = new StringBuilder();
        AppendUnitRange(range, first, last);
        return $"[{range}]";
    }

    private static void AppendUnitRange(StringBuilder output, int first, int last)
    {
        if (first <= last)
            output.Append(CultureInfo.InvariantCulture, $@"\u{first:x4}-\u{last:x4}");
    }
}
