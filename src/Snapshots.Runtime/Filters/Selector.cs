using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>One condition of a filter.</summary>
/// <param name="Field">The field that it looks at.</param>
/// <param name="Operator">How it looks at it.</param>
/// <param name="Value">What it compares with; null for a value that no text can be equal to.</param>
/// <param name="Pattern">What it searches for; null for a malformed expression.</param>
internal readonly record struct Selector(SelectorField Field, SelectorOperator Operator, string? Value, Regex? Pattern)
{
    public bool Matches(SnapshotInfo info)
    {
        var present = Field.TryRead(info, out var value);
        return Operator switch
        {
            SelectorOperator.Present => present,
            SelectorOperator.Equal => present && value == Value,
            SelectorOperator.NotEqual => value != Value,
            _ => Pattern is not null && Pattern.IsMatch(value),
        };
    }
}
