using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fixtures;

/// <summary>An image that is mounted.</summary>
internal sealed class MountedImage : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("erofs-");

    private MountedImage()
    {
    }

    /// <summary>The directory where it is mounted.</summary>
    public string Directory => _folder.FullName;

    /// <summary>The layer's root.</summary>
    public string Path => $"{_folder.FullName}/fs";

    /// <summary>Mounts an image; by default through a loop device, which every kernel can.</summary>
    public static MountedImage Of(string file, ErofsMountOptions? options = null)
    {
        var mounted = new MountedImage();
        ErofsMount.Mount(file, mounted.Directory, options ?? new() { Backing = ErofsBacking.LoopDevice });
        return mounted;
    }

    /// <summary>What <c>find</c> prints of each file below the root, sorted by path.</summary>
    /// <param name="format">The format of <c>-printf</c>; a line break is added.</param>
    public async Task<string[]> FindAsync(string format)
    {
        var found = (await Command.RunAsync(["find", Path, "-mindepth", "1", "-printf", $@"%P {format}\n"])).AssertSucceeded();
        return [.. found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        Kernel.Unmount(_folder.FullName);
        _folder.Delete();
    }
}
