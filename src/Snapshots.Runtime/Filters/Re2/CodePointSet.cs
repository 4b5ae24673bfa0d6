using System.Text;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>
/// A set of characters, and how .NET can search for one of them. There a class holds UTF-16 units, so characters beyond
/// U+FFFF have to become pairs.
/// </summary>
/// <param name="ignoreCase">Whether it holds the other cases of its characters too.</param>
internal sealed class CodePointSet(bool ignoreCase)
{
    public const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];
    private readonly StringBuilder _categories = new();

    /// <summary>Whether the set is of all characters but those that were added.</summary>
    public bool IsNegated { get; set; }

    public void Add(int first, int last) => _ranges.Add((first, last));

    /// <summary>Adds ranges of ASCII, or all characters but those in them and, ignoring case, in their other case.</summary>
    public void Add((int First, int Last)[] ranges, bool except) =>
        _ranges.AddRange(except ? Complement(ignoreCase ? AsciiCase.Fold(ranges) : ranges) : ranges);

    /// <summary>Adds a general category, or all characters but those in it.</summary>
    public void AddCategory(string name, bool except) =>
        _categories.Append(except ? @"\P{" : @"\p{").Append(name).Append('}');

    /// <summary>The set as a .NET expression that can be repeated.</summary>
    public Re2Translation Translate()
    {
        var alternatives = new List<string>();
        foreach (var (first, last) in IsNegated ? Complement(_ranges) : _ranges)
            Utf16Classes.AddPairs(alternatives, first, last);

        var size = (2 * alternatives.Count) + 1;
        alternatives.Add(TranslateUnits());
        return new($"(?{(ignoreCase ? "i" : "")}:{string.Join('|', alternatives)})", size);
    }

    // The units that are characters by themselves. A negated class is left to .NET: for its (?i), case comes first.
    private string TranslateUnits()
    {
        var units = new StringBuilder();
        foreach (var (first, last) in _ranges)
            Utf16Classes.AppendUnits(units, first, last);

        units.Append(_categories);
        if (IsNegated)
            return $"[^{Utf16Classes.Surrogates}{units}]";

        return units.Length == 0 ? Utf16Classes.Nothing : $"[{units}]";
    }

    private static List<(int First, int Last)> Complement(IEnumerable<(int First, int Last)> ranges)
    {
        var complement = new List<(int, int)>();
        var next = 0;
        foreach (var (first, last) in ranges.Order())
        {
            if (first > next)
                complement.Add((next, first - 1));

            next = Math.Max(next, last + 1);
        }

        if (next <= Last)
            complement.Add((next, Last));

        return complement;
    }
}
