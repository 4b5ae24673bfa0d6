using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots.Runtime.Filters;
using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// Selects the snapshots of a Walk (containerd's List), in containerd's filter language. A snapshot matches if one filter
/// of the list matches; a filter matches if all its selectors, separated by commas, match. An empty list or an empty
/// filter matches everything. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A selector is a field alone, which must exist, or a field, an operator and a value: <c>kind==active</c>,
/// <c>parent!=""</c>, <c>name~=/^k8s/</c>, <c>labels."containerd.io/gc.root"</c>. The fields are <c>name</c>,
/// <c>parent</c>, <c>kind</c> (<c>active</c>, <c>view</c>, <c>committed</c>) and <c>labels.KEY</c>; an unknown field
/// never exists. A missing field counts as empty for <c>!=</c> and <c>~=</c>; <c>==</c> never matches it.
/// </para>
/// <para>
/// <c>~=</c> searches for an RE2 regular expression anywhere in the value. A malformed expression is not an error, but
/// never matches. Unlike in RE2, <c>\b</c> and <c>\B</c> treat letters outside ASCII as letters, <c>\p{...}</c> supports
/// categories but not scripts, and only characters up to U+FFFF, and <c>(?i)</c> follows .NET's rules for case. All
/// regular expressions of a list together may have about 4000 characters with counts written out (<c>a{1000}</c> has
/// 1000), or half of that with assertions such as <c>^</c>.
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
        Alternatives = Array.AsReadOnly(Array.ConvertAll(alternatives, selectors => new SnapshotFilterAlternative(selectors)));
        MatchesAll = alternatives.Length == 0 || Array.Exists(alternatives, selectors => selectors.Length == 0);
    }

    /// <summary>The filter of an empty list, which matches everything.</summary>
    public static SnapshotFilter All { get; } = new([], []);

    /// <summary>The filters as given; empty for <see cref="All"/>.</summary>
    public IReadOnlyList<string> Filters { get; }

    /// <summary>
    /// Whether every snapshot matches because the list is empty or contains an empty filter. False for a filter that happens
    /// to match every snapshot, such as <c>name</c>.
    /// </summary>
    public bool MatchesAll { get; }

    /// <summary>
    /// What each filter of the list demands with <c>==</c>, in the same order, for a Walk that looks snapshots up instead of
    /// reading all; empty for <see cref="All"/>. A snapshot can match only if one of the alternatives demands nothing or has
    /// values that are the snapshot's, but it must be tested with <see cref="Matches"/>, too.
    /// </summary>
    public IReadOnlyList<SnapshotFilterAlternative> Alternatives { get; }

    /// <summary>Parses a list of filters.</summary>
    /// <param name="filters">A List request's filters. An empty list, or an empty string in it, matches everything.</param>
    /// <exception cref="SnapshotterException">
    /// InvalidArgument: a filter is malformed, or the regular expressions are too large. The message contains the filter,
    /// the column (in UTF-16 units, from 1) and the reason.
    /// </exception>
    /// <exception cref="ArgumentException">The list, or a filter in it, is null.</exception>
    public static SnapshotFilter Parse(params IEnumerable<string> filters) =>
        TryParse(filters, out var filter, out var error) ? filter : throw SnapshotterException.InvalidArgument(error);

    /// <summary>Parses a list of filters, without an exception for a malformed filter.</summary>
    /// <param name="filters">A List request's filters. An empty list, or an empty string in it, matches everything.</param>
    /// <param name="filter">The parsed filter; null on failure.</param>
    /// <param name="error">The filter, the column and the reason, as in <see cref="Parse"/>; null on success.</param>
    /// <returns>Whether all filters are valid and small enough.</returns>
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

    /// <summary>Whether a snapshot matches.</summary>
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
