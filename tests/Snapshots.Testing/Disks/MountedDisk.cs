using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Disks;

/// <summary>A file system for one test, gone when this is disposed, with all that is mounted on it.</summary>
public sealed class MountedDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("disk-");
    private readonly List<string> _mountPoints = [];

    private MountedDisk() => Path = _folder.CreateSubdirectory("m").FullName;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>One in memory.</summary>
    /// <param name="options">As in fstab: <c>size=1m</c>, <c>nr_inodes=8</c>.</param>
    public static MountedDisk Tmpfs(string options = "size=64m")
    {
        Tools.Require();
        var disk = new MountedDisk();
        Kernel.Mount(null, "tmpfs", disk.Path, "tmpfs", 0, $"mode=755,{options}");
        disk._mountPoints.Add(disk.Path);
        return disk;
    }

    /// <summary>An ext4 in a file.</summary>
    /// <param name="features">What mkfs shall do otherwise: <c>-O ^filetype</c>.</param>
    public static async Task<MountedDisk> Ext4Async(params string[] features)
    {
        Tools.Require("mkfs.ext4", "mount");
        return await MountImageAsync(async image =>
        {
            (await Command.RunAsync(["truncate", "-s", "32M", image])).Succeeded();
            (await Command.RunAsync(["mkfs.ext4", "-q", .. features, image])).Succeeded();
        });
    }

    /// <summary>What this ext4 would be after a power cut now: what has not reached the file is lost.</summary>
    public Task<MountedDisk> AfterPowerCutAsync() =>
        MountImageAsync(async image => (await Command.RunAsync(["cp", Image, image])).Succeeded());

    /// <summary>Makes a directory on it.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>A new directory beside the disk; what a test mounts there is gone with the disk.</summary>
    public string MountPoint()
    {
        var target = _folder.CreateSubdirectory($"t{_mountPoints.Count}").FullName;
        Undo(target);
        return target;
    }

    /// <summary>Remembers a mount that a test has made by itself.</summary>
    public void Undo(string mountPoint) => _mountPoints.Add(mountPoint);

    public void Dispose()
    {
        foreach (var mountPoint in Enumerable.Reverse(_mountPoints))
            Kernel.Unmount(mountPoint);
        _folder.Delete(recursive: true);
    }

    private string Image => System.IO.Path.Combine(_folder.FullName, "image");

    private static async Task<MountedDisk> MountImageAsync(Func<string, Task> make)
    {
        var disk = new MountedDisk();
        try
        {
            await make(disk.Image);
            (await Command.RunAsync(["mount", "--no-mtab", "-o", "loop", disk.Image, disk.Path])).Succeeded();
            disk._mountPoints.Add(disk.Path);
            return disk;
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }
}
