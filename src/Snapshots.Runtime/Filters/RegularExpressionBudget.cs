using System.Text.RegularExpressions;
using Containerd.Snapshots.Runtime.Filters.Re2;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>
/// Compiles the regular expressions of a list of filters up to a total size. An automaton's time and memory can grow with
/// the square of its size, and the peer chooses both the expressions and the labels that they search.
/// </summary>
internal sealed class RegularExpressionBudget
{
    // Enough for about fifty digests. .NET refuses a single expression from size 10000, or from 2000 with an assertion;
    // Re2Translation doubles the size of the latter.
    private const int Limit = 4000;

    // The smallest expression takes some hundred kilobytes.
    private const int MinSize = 50;

    private int _left = Limit;

    /// <summary>Compiles an expression.</summary>
    /// <param name="pattern">The expression in RE2's syntax; null if it is not UTF-8.</param>
    /// <param name="regex">The expression; null if it is malformed and never matches.</param>
    /// <returns>Whether the budget is sufficient.</returns>
    public bool TryCompile(string? pattern, out Regex? regex)
    {
        regex = null;
        if (pattern is null)
            return true;

        if (!TryTake(MinSize + pattern.Length))
            return false;

        if (Re2Translator.Translate(pattern) is not { } translation)
            return true;

        if (!TryTake(Math.Max(0, translation.Size - pattern.Length)))
            return false;

        regex = Compile(translation.Pattern);
        return true;
    }

    private bool TryTake(int amount)
    {
        _left -= Math.Min(amount, _left + 1);
        return _left >= 0;
    }

    // NonBacktracking: search time is linear in the text for every expression.
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return null; // Not expected: the translator refuses everything that .NET is known to refuse.
        }
    }
}
