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

/// <summary>What a field path leads to in a snapshot.</summary>
internal readonly struct SelectorField
{
    private readonly Source _source;
    private readonly string _label;

    private SelectorField(Source source, string label = "")
    {
        _source = source;
        _label = label;
    }

    private enum Source
    {
        Nothing,
        Name,
        Parent,
        Kind,
        Label,
    }

    /// <summary>The field at the end of a path; null stands for a part that no text can be equal to.</summary>
    /// <remarks>
    /// As in containerd, whatever follows name, parent or kind is ignored, and a lone "labels" is the empty key.
    /// </remarks>
    public static SelectorField At(List<string?> path) => path[0] switch
    {
        "name" => new(Source.Name),
        "parent" => new(Source.Parent),
        "kind" => new(Source.Kind),
        "labels" when !path.Contains(null) => new(Source.Label, string.Join('.', path.Skip(1))),
        _ => default,
    };

    /// <summary>The field's value, empty if it is not there.</summary>
    public bool TryRead(SnapshotInfo info, out string value)
    {
        switch (_source)
        {
            case Source.Name:
                value = info.Name;
                return true;
            case Source.Parent:
                value = info.Parent;
                return true;
            case Source.Kind:
                value = KindName(info.Kind);
                return value.Length > 0;
            case Source.Label when info.Labels.TryGetValue(_label, out var label):
                value = label;
                return true;
            default:
                value = "";
                return false;
        }
    }

    private static string KindName(SnapshotKind kind) => kind switch
    {
        SnapshotKind.View => "view",
        SnapshotKind.Active => "active",
        SnapshotKind.Committed => "committed",
        _ => "",
    };
}

/// <summary>How a selector looks at its field.</summary>
internal enum SelectorOperator
{
    /// <summary>No operator: is it there?</summary>
    Present,

    /// <summary><c>==</c>, also in length and case.</summary>
    Equal,

    /// <summary><c>!=</c>. A field that is not there differs from all but the empty value.</summary>
    NotEqual,

    /// <summary><c>~=</c>. In a field that is not there, the empty text is searched.</summary>
    Matches,
}
