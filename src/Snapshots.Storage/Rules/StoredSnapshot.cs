namespace Containerd.Snapshots.Storage;

/// <summary>A snapshot as the store has it: what containerd knows of it, and its number. Immutable.</summary>
public sealed record StoredSnapshot
{
    /// <summary>
    /// The number of the snapshot, from 1 up: the name of whatever it has on disk. It stays the same when the snapshot is
    /// committed, and no other snapshot ever gets it, not even after this one is removed.
    /// </summary>
    public required long Number { get; init; }

    /// <summary>What containerd knows of it.</summary>
    public required SnapshotInfo Info { get; init; }

    /// <summary>What was measured when it was committed; null for one that is not.</summary>
    public SnapshotUsage? Usage { get; init; }

    /// <summary>The numbers of the snapshots below it, the nearest first; empty if it has no parent.</summary>
    public IReadOnlyList<long> Parents { get; init; } = [];

    /// <summary>The parents of a snapshot on this one.</summary>
    internal IReadOnlyList<long> WithParents => [Number, .. Parents];

    /// <summary>Whether all values are the same, the numbers of the parents included.</summary>
    public bool Equals(StoredSnapshot? other) =>
        other is not null && Number == other.Number && Info == other.Info && Usage == other.Usage && Parents.SequenceEqual(other.Parents);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Number, Info);
}
