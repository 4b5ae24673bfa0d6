using System.Collections.Immutable;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The calls that a snapshotter can have: all that generator, analyzers and fixes know of each is in its line.</summary>
internal static class CallTable
{
    private static readonly CallParameter Key = new("key", ParameterType.String);
    private static readonly CallParameter Name = new("name", ParameterType.String);
    private static readonly CallParameter Parent = new("parent", ParameterType.String);
    private static readonly CallParameter Labels = new("labels", ParameterType.Labels);
    private static readonly CallParameter Info = new("info", ParameterType.Info);
    private static readonly CallParameter FieldPaths = new("fieldPaths", ParameterType.StringList);
    private static readonly CallParameter Filter = new("filter", ParameterType.Filter) { IsFilter = true };
    private static readonly CallParameter Filters = new("filters", ParameterType.StringList) { IsFilter = true };

    public static CallParameter Context { get; } = new("context", ParameterType.Context);

    public static CallParameter CancellationToken { get; } = new("cancellationToken", ParameterType.CancellationToken);

    /// <summary>What a method of any call can take, under any name: it is bound by its type.</summary>
    public static ImmutableArray<CallParameter> OfAnyName { get; } = [Context, CancellationToken];

    /// <summary>All calls, in the order in which they are emitted.</summary>
    public static ImmutableArray<SnapshotterCall> Calls { get; } =
    [
        new("Stat", Payload.Info, [Key])
        {
            Summary = "Tells of a snapshot of any kind; null: there is none of this key.",
            Consequence = "no image can be unpacked",
            Synonyms = ["Info", "Get", "GetInfo", "GetStat", "Status"],
        },
        new("Update", Payload.Info, [Info, FieldPaths])
        {
            Summary = "Replaces the labels of a snapshot, or those that the field paths name, and tells of it; null: there is none.",
            ChangesState = true,
            Synonyms = ["SetLabels"],
        },
        new("Usage", Payload.Usage, [Key])
        {
            Summary = "Measures what a snapshot takes up by itself, without its parents; null: there is none of this key.",
            Synonyms = ["GetUsage", "DiskUsage"],
        },
        new("Mounts", Payload.Mounts, [Key])
        {
            Summary = "Gives the mounts of an active snapshot or a view once more; null: there is none of this key.",
            Consequence = "no container can be started",
            Synonyms = ["GetMounts"],
        },
        new("Prepare", Payload.NewMounts, [Key, Parent, Labels])
        {
            Summary = "Makes an active snapshot, writable, on a committed parent or, where that is empty, on nothing.",
            Consequence = "no snapshot can be created",
            NeedsOthers = true,
            ChangesState = true,
            ReturnsWritableMounts = true,
            Synonyms = ["Create", "CreateSnapshot", "PrepareSnapshot"],
        },
        new("View", Payload.NewMounts, [Key, Parent, Labels])
        {
            Summary = "Makes a read-only snapshot, which is never committed, on a committed parent or, where that is empty, on nothing.",
            ChangesState = true,
            Synonyms = ["ViewSnapshot"],
        },
        new("Commit", Payload.None, [Name, Key, Parent, Labels])
        {
            Summary = "Makes the active snapshot of this key the committed one of this name; the labels replace its own.",
            Consequence = "no layer can be finished",
            ChangesState = true,
            Synonyms = ["CommitSnapshot"],
        },
        new("Remove", Payload.None, [Key])
        {
            Summary = "Removes a snapshot, whose key is free at once, unless others are made on it.",
            Consequence = "garbage collection fails",
            ChangesState = true,
            Synonyms = ["Delete", "RemoveSnapshot", "DeleteSnapshot"],
        },
        new("Walk", Payload.Infos, [Filter, Filters])
        {
            ServiceName = "List",
            Summary = "Lists all snapshots that the filter matches, as Stat tells of each.",
            Consequence = "garbage collection fails and the disk fills up",
            Synonyms = ["List", "ListSnapshots", "WalkAll", "GetAll", "Snapshots"],
        },
        new("Cleanup", Payload.None, [])
        {
            Summary = "Frees the disk space of snapshots that are removed.",
            ChangesState = true,
            Synonyms = ["CleanUp", "GarbageCollect", "Prune"],
        },
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
