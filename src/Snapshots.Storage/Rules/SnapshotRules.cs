namespace Containerd.Snapshots.Storage.Rules;

/// <summary>
/// containerd's rules for the calls that change snapshots. Each method checks in the same order as containerd's own store,
/// and throws the error of the first check that fails.
/// </summary>
internal static class SnapshotRules
{
    /// <summary>Checks Prepare and View, and a layer that is committed at once.</summary>
    /// <param name="kind">The kind of the new snapshot.</param>
    /// <param name="key">The key of the new snapshot, or the name of a committed one.</param>
    /// <param name="parent">The name of the parent; empty for none.</param>
    /// <param name="find">Finds a snapshot by its key or name; null if there is none.</param>
    /// <returns>The parent, or null if there is none.</returns>
    public static StoredSnapshot? CheckCreate(SnapshotKind kind, string key, string parent, Func<string, StoredSnapshot?> find)
    {
        var below = parent.Length == 0 ? null : find(parent) ?? throw SnapshotterException.NotFound(parent);
        if (below is { Info.Kind: not SnapshotKind.Committed })
            throw SnapshotterException.InvalidArgument($"parent {Describe(below)} is {Word(below)}, not committed");

        ThrowIfTaken(key, kind == SnapshotKind.Committed ? "name" : "key", find);
        return below;
    }

    /// <summary>Checks Commit.</summary>
    /// <param name="name">The name of the committed snapshot.</param>
    /// <param name="key">The key of the active snapshot.</param>
    /// <param name="parent">The parent that the committed snapshot must have; empty for the parent of the active one.</param>
    /// <param name="find">Finds a snapshot by its key or name; null if there is none.</param>
    /// <returns>The active snapshot, and its new parent, or null if it keeps its parent.</returns>
    public static (StoredSnapshot Active, StoredSnapshot? NewParent) CheckCommit(string name, string key, string parent, Func<string, StoredSnapshot?> find)
    {
        var active = find(key) ?? throw SnapshotterException.NotFound(key);
        ThrowIfTaken(name, "name", find);
        if (active.Info.Kind != SnapshotKind.Active)
            throw SnapshotterException.FailedPrecondition($"{Describe(active)} is {Word(active)}, not active");

        if (parent.Length == 0 || parent == active.Info.Parent)
            return (active, null);

        if (active.Info.Parent.Length > 0)
            throw SnapshotterException.InvalidArgument($"{Describe(active)} has the parent \"{active.Info.Parent}\", not \"{parent}\"");

        var below = find(parent) ?? throw SnapshotterException.NotFound(parent);
        return below.Info.Kind == SnapshotKind.Committed
            ? (active, below)
            : throw SnapshotterException.FailedPrecondition($"parent {Describe(below)} is {Word(below)}, not committed");
    }

    /// <summary>Checks Remove.</summary>
    /// <param name="key">The key or name of the snapshot.</param>
    /// <param name="find">Finds a snapshot by its key or name; null if there is none.</param>
    /// <param name="hasChildren">Whether a snapshot is the parent of another one.</param>
    /// <param name="isPinned">Whether a snapshot is the parent of one that is being made.</param>
    /// <returns>The snapshot.</returns>
    public static StoredSnapshot CheckRemove(string key, Func<string, StoredSnapshot?> find, Func<StoredSnapshot, bool> hasChildren, Func<StoredSnapshot, bool> isPinned)
    {
        var snapshot = find(key) ?? throw SnapshotterException.NotFound(key);
        if (hasChildren(snapshot))
            throw SnapshotterException.FailedPrecondition($"cannot remove {Describe(snapshot)}: it has children");

        return isPinned(snapshot)
            ? throw SnapshotterException.FailedPrecondition($"cannot remove {Describe(snapshot)}: a snapshot is being made on it")
            : snapshot;
    }

    private static void ThrowIfTaken(string name, string what, Func<string, StoredSnapshot?> find)
    {
        if (name.Length == 0)
            throw SnapshotterException.InvalidArgument($"the {what} of a snapshot cannot be empty");

        if (find(name) is not null)
            throw SnapshotterException.AlreadyExists(name);
    }

    private static string Describe(StoredSnapshot snapshot) => $"snapshot \"{snapshot.Info.Name}\"";

    private static string Word(StoredSnapshot snapshot) => snapshot.Info.Kind switch
    {
        SnapshotKind.View => "a view",
        SnapshotKind.Active => "active",
        _ => "committed",
    };
}
