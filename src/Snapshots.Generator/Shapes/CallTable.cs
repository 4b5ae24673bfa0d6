using System.Collections.Immutable;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>The calls that a snapshotter can have. Generator, analyzers and fixes know nothing else about a call.</summary>
internal static class CallTable
{
    private static readonly CallParameter Key = new("key", ParameterType.String) { IsKey = true };
    private static readonly CallParameter Name = new("name", ParameterType.String) { IsKey = true };
    private static readonly CallParameter Parent = new("parent", ParameterType.String);
    private static readonly CallParameter Labels = new("labels", ParameterType.Labels);
    private static readonly CallParameter Info = new("info", ParameterType.Info) { IsKey = true };
    private static readonly CallParameter FieldPaths = new("fieldPaths", ParameterType.StringList);
    private static readonly CallParameter Filter = new("filter", ParameterType.Filter) { IsFilter = true };
    private static readonly CallParameter Filters = new("filters", ParameterType.StringList) { IsFilter = true };

    public static CallParameter Context { get; } = new("context", ParameterType.Context);

    public static CallParameter CancellationToken { get; } = new("cancellationToken", ParameterType.CancellationToken);

    /// <summary>The parameters that any call can have, under any name: they are bound by type alone.</summary>
    public static ImmutableArray<CallParameter> OfAnyName { get; } = [Context, CancellationToken];

    /// <summary>All calls, in the order in which they are emitted.</summary>
    public static ImmutableArray<SnapshotterCall> Calls { get; } =
    [
        new("Stat", Payload.Info, [Key])
        {
            Summary = "Returns the snapshot's information, or null if the key does not exist.",
            Consequence = "no image can be unpacked",
            Synonyms = ["Get", "Info", "Inspect", "Lookup", "Status"],
        },
        new("Update", Payload.Info, [Info, FieldPaths])
        {
            Summary = "Replaces all labels of a snapshot, or those in the field paths, and returns its information, or null if it does not exist.",
            ChangesState = true,
            Synonyms = ["Label", "SetInfo", "SetLabels", "UpdateInfo", "UpdateLabels"],
        },
        new("Usage", Payload.Usage, [Key])
        {
            Summary = "Returns the disk usage of a snapshot without its parents, or null if the key does not exist.",
            Synonyms = ["DiskUsage", "Du", "Measure", "Size"],
        },
        new("Mounts", Payload.Mounts, [Key])
        {
            Summary = "Returns the mounts of an active snapshot or a view, or null if the key does not exist.",
            Consequence = "no container can be started",
            Synonyms = ["MountPoints", "MountsOf"],
        },
        new("Prepare", Payload.NewMounts, [Key, Parent, Labels])
        {
            Summary = "Creates a writable snapshot on a committed parent, or without a parent if that is empty.",
            Consequence = "no snapshot can be created",
            NeedsOthers = true,
            ChangesState = true,
            ReturnsWritableMounts = true,
            Synonyms = ["Create", "CreateActive", "New"],
        },
        new("View", Payload.NewMounts, [Key, Parent, Labels])
        {
            Summary = "Creates a read-only snapshot on a committed parent, or without a parent if that is empty. It is never committed.",
            ChangesState = true,
            Synonyms = ["CreateView", "PrepareView"],
        },
        new("Commit", Payload.None, [Name, Key, Parent, Labels])
        {
            Summary = "Turns the active snapshot of this key into the committed snapshot of this name; the labels replace its own.",
            Consequence = "no layer can be finished",
            ChangesState = true,
            Synonyms = ["CommitActive"],
        },
        new("Remove", Payload.None, [Key])
        {
            Summary = "Removes a snapshot and frees its key at once, unless other snapshots have it as their parent.",
            Consequence = "garbage collection fails",
            ChangesState = true,
            Synonyms = ["Delete", "Destroy", "Drop"],
        },
        new("Walk", Payload.Infos, [Filter, Filters])
        {
            ServiceName = "List",
            Summary = "Lists all snapshots that match the filter.",
            Consequence = "garbage collection fails and the disk fills up",
            Synonyms = ["All", "Enumerate", "GetSnapshots", "List", "ListAll", "Snapshots", "WalkAll", "WalkInfo"],
        },
        new("Cleanup", Payload.None, [])
        {
            Summary = "Frees the disk space of removed snapshots.",
            ChangesState = true,
            Synonyms = ["Clear", "CollectGarbage", "GarbageCollect", "Gc", "Prune", "Purge"],
        },
    ];

    /// <summary>The call of a method's name, with or without the suffix <c>Async</c>; null for none.</summary>
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
