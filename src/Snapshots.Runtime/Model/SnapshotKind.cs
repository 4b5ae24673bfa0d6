namespace Containerd.Snapshots;

/// <summary>The kind of a snapshot. The values are those of containerd's API.</summary>
public enum SnapshotKind
{
    /// <summary>Not given. A snapshotter never returns it; containerd may send it in an Update.</summary>
    Unknown = 0,

    /// <summary>A read-only view of a committed snapshot. It can never be committed.</summary>
    View = 1,

    /// <summary>Writable. Prepare creates it; Commit turns it into <see cref="Committed"/>.</summary>
    Active = 2,

    /// <summary>Finished and immutable. Only a committed snapshot can be a parent.</summary>
    Committed = 3,
}
