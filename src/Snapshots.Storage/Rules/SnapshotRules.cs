namespace Containerd.Snapshots.Storage.Rules;

/// <summary>
/// What containerd allows to be done to snapshots, and the error for what it does not: the checks of each call in the
/// order in which containerd's own store makes them, so that the first that fails is the one that is answered.
/// </summary>
internal static class SnapshotRules
{
    /// <summary>Prepare and View.</summary>
    /// <param name="key">The key of the new snapshot.</param>
    /// <param name="parent">The name of its parent; empty for none.</param>
    /// <param name="find">The snapshot of a name, or null.</param>
    /// <returns>The parent, or null for none.</returns>
    public static StoredSnapshot? CheckCreate(string key, string parent, Func<string, StoredSnapshot?> find)
    {
        var below = parent.Length == 0 ? null : find(parent) ?? throw SnapshotterException.NotFound(parent);
        if (below is { Info.Kind: not SnapshotKind.Committed })
            throw SnapshotterException.InvalidArgument($"parent {Describe(below)} is {Word(below)}, not committed");

        ThrowIfTaken(key, "key", find);
        return below;
    }

    /// <summary>Commit.</summary>
    /// <param name="name">The name of the committed snapshot.</param>
    /// <param name="key">The key of the active one.</param>
    /// <param name="parent">The parent that the committed one has to have; empty for that of the active one.</param>
    /// <param name="find">The snapshot of a name, or null.</param>
    /// <returns>The active snapshot, and the parent that it gets, or null where it keeps what it has.</returns>
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

    /// <summary>Remove.</summary>
    /// <param name="key">The key or name of the snapshot.</param>
    /// <param name="find">The snapshot of a name, or null.</param>
    /// <param name="hasChildren">Whether another snapshot has this one as its parent.</param>
    /// <returns>The snapshot.</returns>
    public static StoredSnapshot CheckRemove(string key, Func<string, StoredSnapshot?> find, Func<StoredSnapshot, bool> hasChildren)
    {
        var snapshot = find(key) ?? throw SnapshotterException.NotFound(key);
        return hasChildren(snapshot)
            ? throw SnapshotterException.FailedPrecondition($"cannot remove {Describe(snapshot)}: it has children")
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
