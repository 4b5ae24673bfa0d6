using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>A disk with directories of snapshots, made as a snapshotter makes them.</summary>
internal sealed class SnapshotDisk : IDisposable
{
    public SnapshotDisk(MountedDisk disk)
    {
        Disk = disk;
        Directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
    }

    public MountedDisk Disk { get; }

    public SnapshotDirectories Directories { get; }

    /// <summary>On a file system in memory.</summary>
    public static SnapshotDisk Tmpfs() => new(MountedDisk.Tmpfs());

    /// <summary>On an ext4.</summary>
    public static async Task<SnapshotDisk> Ext4Async() => new(await MountedDisk.Ext4Async());

    /// <summary>On one of <see cref="MountedDisk.FileSystems"/>.</summary>
    public static async Task<SnapshotDisk> OfTypeAsync(string fileSystem) => new(await MountedDisk.OfTypeAsync(fileSystem));

    /// <summary>Makes a snapshot's directory, and returns its content's path.</summary>
    public async Task<string> MakeAsync(long number)
    {
        await Directories.MakeEmptyAsync(number, [], Labels.None, CancellationToken.None);
        return Directories.ContentPath(number);
    }

    /// <summary>Runs a script in a directory.</summary>
    public static async Task RunAsync(string folder, string script) =>
        (await Command.RunAsync(["bash", "-c", $"set -e; cd '{folder}'; {script}"])).AssertSucceeded();

    public void Dispose()
    {
        Directories.Dispose();
        Disk.Dispose();
    }
}
