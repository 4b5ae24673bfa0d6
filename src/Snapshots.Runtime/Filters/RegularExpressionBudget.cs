using System.Text.RegularExpressions;
using Containerd.Snapshots.Runtime.Filters.Re2;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>
/// Makes the regular expressions of a list of filters, as many as are good for us. Time and memory of an automaton can
/// grow with the square of its size, and the peer chooses both the expressions and the labels that they search.
/// </summary>
internal sealed class RegularExpressionBudget
{
    // Enough to name some fifty digests. .NET refuses a single expression from 10000 on, from 2000 with an assertion, which
    // Re2Translation counts twice.
    private const int Limit = 4000;

    // The smallest one takes some hundred kilobytes.
    private const int Each = 50;

    private int _left = Limit;

    /// <summary>Compiles an expression.</summary>
    /// <param name="pattern">The expression, in RE2's syntax; null for one that is not UTF-8.</param>
    /// <param name="regex">The expression, or null for a malformed one, which never matches.</param>
    /// <returns>Whether there was budget left for it.</returns>
    public bool TryCompile(string? pattern, out Regex? regex)
    {
        regex = null;
        if (pattern is null)
            return true;

        if (!TryTake(Each + pattern.Length))
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

    // NonBacktracking: the time of a search is linear in the text, whatever the expression.
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return null; // The translator lets nothing through that .NET is known to refuse.
        }
    }
}
