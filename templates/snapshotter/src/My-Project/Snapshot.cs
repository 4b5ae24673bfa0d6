using Containerd.Snapshots;

namespace MyNamespace;

/// <summary>A snapshot as it is kept.</summary>
/// <param name="Directory">The directory that is its own.</param>
/// <param name="Info">What containerd knows of it.</param>
/// <param name="Usage">What it takes up, once it is committed and no longer changes.</param>
internal sealed record Snapshot(string Directory, SnapshotInfo Info, SnapshotUsage? Usage = null)
{
    /// <summary>The files that a container sees.</summary>
    public string Files => FilesIn(Directory);

    public static string FilesIn(string directory) => Path.Combine(directory, "fs");
}
