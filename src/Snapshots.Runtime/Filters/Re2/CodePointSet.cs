using System.Text;

namespace Containerd.Snapshots.Runtime.Filters.Re2;

/// <summary>
/// A set of characters that can be written as a .NET expression. A .NET class contains UTF-16 units, so characters beyond
/// U+FFFF become pairs.
/// </summary>
/// <param name="ignoreCase">Whether the set includes the other cases of its characters.</param>
internal sealed class CodePointSet(bool ignoreCase)
{
    public const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];
    private readonly StringBuilder _categories = new();

    /// <summary>Whether the set contains all characters except the added ones.</summary>
    public bool IsNegated { get; set; }

    public void Add(int first, int last) => _ranges.Add((first, last));

    /// <summary>Adds ASCII ranges, or all characters outside them and, ignoring case, outside their other case.</summary>
    public void Add((int First, int Last)[] ranges, bool except) =>
        _ranges.AddRange(except ? Complement(ignoreCase ? AsciiCase.Fold(ranges) : ranges) : ranges);

    /// <summary>Adds a general category, or all characters outside it.</summary>
    public void AddCategory(string name, bool except)
    {
        // In .NET, halves of pairs are characters of the category Cs, and so of C.
        if (name == "Cs" && except)
            Add(0, Last);
        else if (name == "C" && !except)
            _categories.Append(@"\p{Cc}\p{Cf}\p{Cn}\p{Co}");
        else if (name != "Cs")
            _categories.Append(except ? @"\P{" : @"\p{").Append(name).Append('}');
    }

    /// <summary>Returns the set as a .NET expression that can be repeated.</summary>
    public Re2Translation Translate()
    {
        var alternatives = new List<string>();
        foreach (var (first, last) in IsNegated ? Complement(_ranges) : _ranges)
            Utf16Classes.AddPairs(alternatives, first, last);

        var size = (2 * alternatives.Count) + 1;
        alternatives.Add(TranslateUnits());
        return new($"(?{(ignoreCase ? "i" : "")}:{string.Join('|', alternatives)})", size);
    }

    // The characters of one unit. .NET negates the class, because its (?i) folds case before it negates.
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
