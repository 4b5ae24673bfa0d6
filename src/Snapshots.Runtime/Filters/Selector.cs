using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>One condition of a filter.</summary>
/// <param name="Field">The tested field.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Value">The value to compare with; null for a value that no text equals.</param>
/// <param name="Pattern">The expression to search for; null if it is malformed.</param>
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

/// <summary>The field of a snapshot that a field path names.</summary>
internal readonly struct SelectorField
{
    private SelectorField(SelectorSource source, string label = "")
    {
        Source = source;
        Label = label;
    }

    /// <summary>What the field is.</summary>
    public SelectorSource Source { get; }

    /// <summary>The label's key, for <see cref="SelectorSource.Label"/>.</summary>
    public string Label { get; }

    /// <summary>The field that a path names; null stands for a part that no text equals.</summary>
    /// <remarks>
    /// As in containerd, parts after name, parent or kind are ignored, and "labels" alone is the label with the empty key.
    /// </remarks>
    public static SelectorField At(List<string?> path) => path[0] switch
    {
        "name" => new(SelectorSource.Name),
        "parent" => new(SelectorSource.Parent),
        "kind" => new(SelectorSource.Kind),
        "labels" when !path.Contains(null) => new(SelectorSource.Label, string.Join('.', path.Skip(1))),
        _ => default,
    };

    /// <summary>Reads the field's value; false and empty if the field is missing.</summary>
    public bool TryRead(SnapshotInfo info, out string value)
    {
        switch (Source)
        {
            case SelectorSource.Name:
                value = info.Name;
                return true;
            case SelectorSource.Parent:
                value = info.Parent;
                return true;
            case SelectorSource.Kind:
                value = KindName(info.Kind);
                return value.Length > 0;
            case SelectorSource.Label when info.Labels.TryGetValue(Label, out var label):
                value = label;
                return true;
            default:
                value = "";
                return false;
        }
    }

    /// <summary>The kind that a word names; null if it names none.</summary>
    public static SnapshotKind? KindNamed(string word) => word switch
    {
        "view" => SnapshotKind.View,
        "active" => SnapshotKind.Active,
        "committed" => SnapshotKind.Committed,
        _ => null,
    };

    private static string KindName(SnapshotKind kind) => kind switch
    {
        SnapshotKind.View => "view",
        SnapshotKind.Active => "active",
        SnapshotKind.Committed => "committed",
        _ => "",
    };
}

/// <summary>What a field of a snapshot is.</summary>
internal enum SelectorSource
{
    /// <summary>An unknown field, which no snapshot has.</summary>
    Nothing,

    /// <summary>The key or name.</summary>
    Name,

    /// <summary>The parent's name.</summary>
    Parent,

    /// <summary>The kind, as a word.</summary>
    Kind,

    /// <summary>A label.</summary>
    Label,
}

/// <summary>How a selector tests its field.</summary>
internal enum SelectorOperator
{
    /// <summary>No operator: the field exists.</summary>
    Present,

    /// <summary><c>==</c>: equal, including case. Never matches a missing field.</summary>
    Equal,

    /// <summary><c>!=</c>: not equal. A missing field counts as empty.</summary>
    NotEqual,

    /// <summary><c>~=</c>: contains a match. A missing field counts as empty.</summary>
    Matches,
}
