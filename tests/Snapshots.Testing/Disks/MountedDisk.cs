using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Disks;

/// <summary>A file system for one test. Disposing it removes it and everything that is mounted on it.</summary>
public sealed class MountedDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("disk-");
    private readonly List<string> _mountPoints = [];
    private readonly string _options;
    private MountedDisk? _host;

    private MountedDisk(string options = "loop")
    {
        _options = options;
        Path = _folder.CreateSubdirectory("m").FullName;
        Image = System.IO.Path.Combine(_folder.FullName, "image");
    }

    /// <summary>The path where it is mounted.</summary>
    public string Path { get; }

    private string Image { get; set; }

    /// <summary>A tmpfs.</summary>
    /// <param name="options">As in fstab: <c>size=1m</c>, <c>nr_inodes=8</c>.</param>
    public static MountedDisk Tmpfs(string options = "size=64m")
    {
        Tools.Require();
        var disk = new MountedDisk();
        Kernel.Mount(null, "tmpfs", disk.Path, "tmpfs", 0, $"mode=755,{options}");
        disk._mountPoints.Add(disk.Path);
        return disk;
    }

    /// <summary>An ext4 in a file, with blocks of 4 KiB, as a large one has.</summary>
    /// <param name="features">Further options of mkfs: <c>-O ^filetype</c>.</param>
    public static Task<MountedDisk> Ext4Async(params IEnumerable<string> features) => InFileAsync("32M", ["mkfs.ext4", "-q", "-b", "4096", .. features]);

    /// <summary>An xfs in a file, as small as xfs can be.</summary>
    public static Task<MountedDisk> XfsAsync() => InFileAsync("300M", ["mkfs.xfs", "-q"], "loop,nouuid"); // A copy has the same id.

    /// <summary>A btrfs in a file, as small as btrfs can be.</summary>
    public static Task<MountedDisk> BtrfsAsync(string size = "120M") => InFileAsync(size, ["mkfs.btrfs", "-q"]);

    /// <summary>The types of file systems that snapshotters are tested on.</summary>
    public static IReadOnlyList<string> FileSystems { get; } = ["ext4", "xfs", "btrfs"];

    /// <summary>One of <see cref="FileSystems"/> in a file.</summary>
    public static Task<MountedDisk> OfTypeAsync(string fileSystem) => fileSystem switch
    {
        "ext4" => Ext4Async(),
        "xfs" => XfsAsync(),
        "btrfs" => BtrfsAsync(),
        _ => throw new ArgumentException($"\"{fileSystem}\" is not a file system for tests.", nameof(fileSystem)),
    };

    /// <summary>One of <see cref="FileSystems"/> whose power can be cut.</summary>
    public static async Task<MountedDisk> WithPowerSwitchAsync(string fileSystem)
    {
        if (fileSystem != "btrfs")
            return await OfTypeAsync(fileSystem);

        // The kernel cannot shut a btrfs down. Its file is on an ext4 instead, which loses what btrfs has not flushed.
        var host = await InFileAsync("200M", ["mkfs.ext4", "-q"]);
        try
        {
            return await InFileAsync("120M", ["mkfs.btrfs", "-q"], host: host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>This file system as it would be after a power cut now: data that has not reached the file is lost.</summary>
    public async Task<MountedDisk> AfterPowerCutAsync()
    {
        var copy = new MountedDisk(_options);
        return await copy.MakeAsync(async () => (await Command.RunAsync(["cp", Image, copy.Image])).AssertSucceeded());
    }

    /// <summary>Cuts the power: from now on nothing reaches the file, and every use of the disk fails.</summary>
    public void CutPower() => Kernel.ShutDown((_host ?? this).Path);

    /// <summary>Mounts the disk again at the same path, as it is after a power cut.</summary>
    public async Task RestorePowerAsync()
    {
        // On a copy of the file: a mount namespace that was made meanwhile, such as a container's, still has the old one mounted.
        Kernel.Unmount(Path);
        if (_host is not null)
        {
            await _host.RestorePowerAsync();
            await MountAsync();
            return;
        }

        var copy = System.IO.Path.Combine(_folder.FullName, $"image-{Guid.NewGuid():N}");
        (await Command.RunAsync(["cp", Image, copy])).AssertSucceeded();
        File.Delete(Image);
        Image = copy;
        await MountAsync();
    }

    /// <summary>Makes a directory on it.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>A new directory beside the disk. Disposing the disk unmounts whatever a test mounts there.</summary>
    public string MountPoint()
    {
        var target = _folder.CreateSubdirectory($"t{_mountPoints.Count}").FullName;
        Undo(target);
        return target;
    }

    /// <summary>Registers a mount that a test made itself, to unmount it with the disk.</summary>
    public void Undo(string mountPoint) => _mountPoints.Add(mountPoint);

    public void Dispose()
    {
        foreach (var mountPoint in Enumerable.Reverse(_mountPoints))
            Kernel.Unmount(mountPoint);
        _host?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<MountedDisk> InFileAsync(string size, IEnumerable<string> make, string options = "loop", MountedDisk? host = null)
    {
        Tools.Require([make.First(), "mount"]);
        var disk = new MountedDisk(options);
        if (host is not null)
            (disk._host, disk.Image) = (host, System.IO.Path.Combine(host.Path, "image"));

        return await disk.MakeAsync(async () =>
        {
            (await Command.RunAsync(["truncate", "-s", size, disk.Image])).AssertSucceeded();
            (await Command.RunAsync([.. make, disk.Image])).AssertSucceeded();
        });
    }

    private async Task<MountedDisk> MakeAsync(Func<Task> makeImage)
    {
        try
        {
            await makeImage();
            await MountAsync();
            _mountPoints.Add(Path);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private async Task MountAsync() => (await Command.RunAsync(["mount", "--no-mtab", "-o", _options, Image, Path])).AssertSucceeded();
}
