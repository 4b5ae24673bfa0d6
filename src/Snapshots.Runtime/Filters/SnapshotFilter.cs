using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots.Runtime.Filters;
using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// Which snapshots a Walk (containerd's List) is asked for, in containerd's filter language. Of several filters one
/// has to match; of a filter's selectors, parted by commas, all have to. No filter, or an empty one, matches everything.
/// Immutable and safe to use from several threads.
/// </summary>
/// <remarks>
/// <para>
/// A selector is a field alone, which asks whether it is there, or a field, an operator and a value: <c>kind==active</c>,
/// <c>parent!=""</c>, <c>name~=/^k8s/</c>, <c>labels."containerd.io/gc.root"</c>. The fields are <c>name</c>,
/// <c>parent</c>, <c>kind</c> (<c>active</c>, <c>view</c>, <c>committed</c>) and <c>labels.KEY</c>; an unknown field is
/// one that is never there. The value of a field that is not there counts as empty for <c>!=</c> and <c>~=</c>, but
/// is equal to nothing.
/// </para>
/// <para>
/// <c>~=</c> searches for an RE2 regular expression anywhere in the value. A malformed one is no error: it never
/// matches. Unlike in RE2, <c>\b</c> and <c>\B</c> take letters outside ASCII for letters, <c>\p{...}</c> takes
/// categories but no scripts and knows characters up to U+FFFF only, and <c>(?i)</c> knows the cases that .NET knows. All
/// the regular expressions of a list together may have some 4000 characters, counts written out (<c>a{1000}</c> has a
/// thousand), and half of that with assertions such as <c>^</c>.
/// </para>
/// <para>The rules are those of containerd's package <c>filters</c> and of its adaptor for snapshots.</para>
/// </remarks>
public sealed class SnapshotFilter
{
    private readonly Selector[][] _alternatives;

    private SnapshotFilter(string[] filters, Selector[][] alternatives)
    {
        _alternatives = alternatives;
        Filters = ValueList.Of(filters);
        MatchesAll = alternatives.Length == 0 || Array.Exists(alternatives, selectors => selectors.Length == 0);
    }

    /// <summary>Matches everything: the filter of an empty list.</summary>
    public static SnapshotFilter All { get; } = new([], []);

    /// <summary>The filters as they were given; empty for <see cref="All"/>.</summary>
    public IReadOnlyList<string> Filters { get; }

    /// <summary>
    /// Whether nothing is filtered out, because there is no filter or an empty one. A filter that happens to match every
    /// snapshot, such as <c>name</c>, does not count.
    /// </summary>
    public bool MatchesAll { get; }

    /// <summary>Reads a list of filters.</summary>
    /// <param name="filters">The filters of a List request. Empty, or with an empty string: everything matches.</param>
    /// <exception cref="SnapshotterException">
    /// InvalidArgument: a filter is malformed, or its regular expressions are too large. The message tells which filter,
    /// the column, counted in UTF-16 units from 1, and what is wrong.
    /// </exception>
    /// <exception cref="ArgumentException">The list, or a filter in it, is null.</exception>
    public static SnapshotFilter Parse(params IEnumerable<string> filters) =>
        TryParse(filters, out var filter, out var error) ? filter : throw SnapshotterException.InvalidArgument(error);

    /// <summary>Reads a list of filters, without an exception for a malformed one.</summary>
    /// <param name="filters">The filters of a List request. Empty, or with an empty string: everything matches.</param>
    /// <param name="filter">What was read; null if a filter is malformed.</param>
    /// <param name="error">Which filter, which column, and what is wrong there; null if nothing is.</param>
    /// <returns>Whether all filters could be read.</returns>
    /// <exception cref="ArgumentException">The list, or a filter in it, is null.</exception>
    public static bool TryParse(
        IEnumerable<string> filters,
        [NotNullWhen(true)] out SnapshotFilter? filter,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(filters);
        string[] texts = [.. filters];
        if (Array.IndexOf(texts, null) is var missing and >= 0)
            throw new ArgumentException($"The filter at index {missing} is null.", nameof(filters));

        (filter, error) = (null, null);
        var alternatives = new Selector[texts.Length][];
        var budget = new RegularExpressionBudget();
        for (var i = 0; i < texts.Length; i++)
        {
            var parser = new FilterParser(texts[i], budget);
            if (!parser.TryParse(out alternatives[i]))
            {
                error = FilterErrorText.For(i, texts[i], parser.Error);
                return false;
            }
        }

        filter = texts.Length == 0 ? All : new(texts, alternatives);
        return true;
    }

    /// <summary>Whether a snapshot is among those asked for.</summary>
    /// <param name="info">The snapshot.</param>
    public bool Matches(SnapshotInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (MatchesAll)
            return true;

        foreach (var selectors in _alternatives)
        {
            if (AllMatch(selectors, info))
                return true;
        }

        return false;
    }

    private static bool AllMatch(Selector[] selectors, SnapshotInfo info)
    {
        foreach (ref readonly var selector in selectors.AsSpan())
        {
            if (!selector.Matches(info))
                return false;
        }

        return true;
    }
}
