namespace Containerd.Snapshots;

/// <summary>A snapshot's own disk usage, without its parents: the answer of Usage.</summary>
/// <param name="Size">Bytes allocated on disk. A file with several links counts once.</param>
/// <param name="Inodes">Number of inodes. A file with several links counts once.</param>
public sealed record SnapshotUsage(long Size, long Inodes)
{
    /// <summary>No bytes and no inodes.</summary>
    public static SnapshotUsage None { get; } = new(0, 0);
}
