namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>A row of the table of snapshots, with its parent's name.</summary>
/// <param name="Number">The primary key.</param>
/// <param name="Parent">The parent's number, or null for none.</param>
/// <param name="Info">What containerd knows of it.</param>
/// <param name="Usage">Null until it is committed.</param>
internal sealed record SnapshotRow(long Number, long? Parent, SnapshotInfo Info, SnapshotUsage? Usage);
