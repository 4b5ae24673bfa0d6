using System.Collections.Immutable;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The calls that a snapshotter can have, and what each takes and returns: all that is known of them here.</summary>
internal static class CallTable
{
    private static readonly CallParameter Key = new(Argument.Key, "key", ParameterType.String);
    private static readonly CallParameter Name = new(Argument.Name, "name", ParameterType.String);
    private static readonly CallParameter Parent = new(Argument.Parent, "parent", ParameterType.String);
    private static readonly CallParameter Labels = new(Argument.Labels, "labels", ParameterType.Labels);
    private static readonly CallParameter Info = new(Argument.Info, "info", ParameterType.Info);
    private static readonly CallParameter FieldPaths = new(Argument.FieldPaths, "fieldPaths", ParameterType.StringList);
    private static readonly CallParameter Filter = new(Argument.Filter, "filter", ParameterType.Filter);
    private static readonly CallParameter Filters = new(Argument.Filters, "filters", ParameterType.StringList);

    /// <summary>All calls, in the order in which they are emitted.</summary>
    public static ImmutableArray<SnapshotterCall> Calls { get; } =
    [
        new("Stat", Payload.Info, [Key]),
        new("Update", Payload.Info, [Info, FieldPaths]),
        new("Usage", Payload.Usage, [Key]),
        new("Mounts", Payload.Mounts, [Key]),
        new("Prepare", Payload.NewMounts, [Key, Parent, Labels]),
        new("View", Payload.NewMounts, [Key, Parent, Labels]),
        new("Commit", Payload.None, [Name, Key, Parent, Labels]),
        new("Remove", Payload.None, [Key]),
        new("Walk", Payload.Infos, [Filter, Filters]),
        new("Cleanup", Payload.None, []),
    ];

    /// <summary>The call that a method's name means, with or without the suffix <c>Async</c>; null for none.</summary>
    public static SnapshotterCall? Find(string methodName)
    {
        foreach (var call in Calls)
        {
            if (call.IsNameOf(methodName))
                return call;
        }

        return null;
    }

    /// <summary>The call of a name.</summary>
    public static SnapshotterCall Get(string name) => Find(name)!;
}
