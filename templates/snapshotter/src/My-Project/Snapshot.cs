using Containerd.Snapshots;

namespace MyNamespace;

/// <summary>A snapshot in the store.</summary>
/// <param name="Directory">The snapshot's directory.</param>
/// <param name="Info">The information that containerd gets.</param>
/// <param name="Usage">The usage of a committed snapshot, measured at its commit; null for the others.</param>
internal sealed record Snapshot(string Directory, SnapshotInfo Info, SnapshotUsage? Usage = null)
{
    /// <summary>The files that a container sees.</summary>
    public string Files => FilesIn(Directory);

    public static string FilesIn(string directory) => Path.Combine(directory, "fs");
}
