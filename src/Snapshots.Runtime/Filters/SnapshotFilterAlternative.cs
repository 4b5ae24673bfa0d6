using System.Collections.Frozen;
using Containerd.Snapshots.Runtime.Filters;

namespace Containerd.Snapshots;

/// <summary>
/// The values that one filter of a <see cref="SnapshotFilter"/>'s list demands with <c>==</c>, to look snapshots up by them.
/// A snapshot that matches the filter has all these values; one that has them need not match. Immutable.
/// </summary>
public sealed class SnapshotFilterAlternative
{
    internal SnapshotFilterAlternative(Selector[] selectors)
    {
        var labels = new Dictionary<string, string>();
        foreach (var selector in selectors)
        {
            if (selector is { Operator: SelectorOperator.Equal, Value: { } value })
                Demand(selector.Field, value, labels);
        }

        Labels = labels.Count == 0 ? FrozenDictionary<string, string>.Empty : labels;
    }

    /// <summary>The name (or key) that a snapshot must have; null if the filter demands none.</summary>
    public string? Name { get; private set; }

    /// <summary>The parent that a snapshot must have, empty for no parent; null if the filter demands none.</summary>
    public string? Parent { get; private set; }

    /// <summary>The kind that a snapshot must have; null if the filter demands none, or an unknown one.</summary>
    public SnapshotKind? Kind { get; private set; }

    /// <summary>The labels that a snapshot must have, by key; empty if the filter demands none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    // Of two different values for one field the first counts: no snapshot has both.
    private void Demand(SelectorField field, string value, Dictionary<string, string> labels)
    {
        switch (field.Source)
        {
            case SelectorSource.Name:
                Name ??= value;
                break;
            case SelectorSource.Parent:
                Parent ??= value;
                break;
            case SelectorSource.Kind:
                Kind ??= SelectorField.KindNamed(value);
                break;
            case SelectorSource.Label:
                labels.TryAdd(field.Label, value);
                break;
        }
    }
}
