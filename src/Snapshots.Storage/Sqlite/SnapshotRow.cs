namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>A row of the table of snapshots, with its parent's name.</summary>
/// <param name="Number">The primary key.</param>
/// <param name="Parents">The numbers of the snapshots below it, the nearest first.</param>
/// <param name="Info">What containerd knows of it.</param>
/// <param name="Usage">Null until it is committed.</param>
internal sealed record SnapshotRow(long Number, IReadOnlyList<long> Parents, SnapshotInfo Info, SnapshotUsage? Usage)
{
    /// <summary>What the parents of a snapshot on this one are.</summary>
    public IReadOnlyList<long> WithParents => [Number, .. Parents];
}
