namespace Containerd.Snapshots;

/// <summary>How bad it is what a check has found.</summary>
public enum SnapshotterCheckLevel
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>The operator may want to know; it can be as it should be.</summary>
    Note,

    /// <summary>The snapshotter works, but not as it should.</summary>
    Warning,

    /// <summary>The snapshotter, or containerd with it, does not work.</summary>
    Wrong,
}
