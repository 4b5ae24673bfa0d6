namespace Containerd.Snapshots;

/// <summary>What a snapshot is. The numbers are those of containerd's wire.</summary>
public enum SnapshotKind
{
    /// <summary>Not told. A snapshotter never answers it; containerd may send it in an Update.</summary>
    Unknown = 0,

    /// <summary>A read-only view of a committed snapshot. It can never be committed.</summary>
    View = 1,

    /// <summary>Writable: made by Prepare, it becomes <see cref="Committed"/> by Commit.</summary>
    Active = 2,

    /// <summary>Finished and immutable. Only a committed snapshot can be a parent.</summary>
    Committed = 3,
}
