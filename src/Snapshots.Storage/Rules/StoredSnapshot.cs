namespace Containerd.Snapshots.Storage;

/// <summary>A snapshot in a store: the information that containerd gets, and the snapshot's number. Immutable.</summary>
public sealed record StoredSnapshot
{
    /// <summary>
    /// The snapshot's number, at least 1, which names its content on disk. A commit does not change it, and no other snapshot
    /// ever gets it, not even after this one is removed.
    /// </summary>
    public required long Number { get; init; }

    /// <summary>The information that containerd gets.</summary>
    public required SnapshotInfo Info { get; init; }

    /// <summary>The usage that was measured at the commit; null if the snapshot is not committed.</summary>
    public SnapshotUsage? Usage { get; init; }

    /// <summary>The numbers of all its parents, the nearest first; empty if it has none.</summary>
    public IReadOnlyList<long> Parents { get; init; } = [];

    /// <summary>
    /// Whether content that is copied from a parent can show the parent's own: a view cannot change it, so it needs no copy.
    /// </summary>
    internal bool ShowsParent => Info.Kind == SnapshotKind.View && Parents.Count > 0;

    /// <summary>The parents' numbers of a snapshot whose parent is this one.</summary>
    internal IReadOnlyList<long> WithParents => [Number, .. Parents];

    /// <summary>Whether all values are equal, including the numbers of the parents.</summary>
    public bool Equals(StoredSnapshot? other) =>
        other is not null && Number == other.Number && Info == other.Info && Usage == other.Usage && Parents.SequenceEqual(other.Parents);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, Info);
}
