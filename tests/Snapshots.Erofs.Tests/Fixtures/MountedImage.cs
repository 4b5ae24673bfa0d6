using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fixtures;

/// <summary>An image that is mounted by a loop device.</summary>
internal sealed class MountedImage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erofs-");

    private MountedImage()
    {
    }

    /// <summary>The layer's root.</summary>
    public string Path => $"{_folder.FullName}/fs";

    public static async Task<MountedImage> OfAsync(string file)
    {
        var mounted = new MountedImage();
        (await Command.RunAsync(["mount", "-t", "erofs", "-o", "loop,ro", file, mounted._folder.FullName])).AssertSucceeded();
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
