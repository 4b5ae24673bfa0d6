using Containerd.Snapshots.Erofs.Mounts;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>What this machine can do with EROFS images. The texts are the errors of what it cannot do, and null of what it can.</summary>
/// <param name="FileError">Why an image cannot be mounted as a file.</param>
/// <param name="FileOverlayError">Why such a mount cannot be under an overlay; some kernels of early 2026 refuse that.</param>
/// <param name="LoopError">Why an image cannot be mounted through a loop device.</param>
/// <param name="LoopOverlayError">Why such a mount cannot be under an overlay.</param>
public sealed record ErofsFeatures(string? FileError, string? FileOverlayError, string? LoopError, string? LoopOverlayError)
{
    /// <summary>What overlays on images work with; null if nothing does.</summary>
    public ErofsBacking? Backing =>
        (FileError ?? FileOverlayError) is null ? ErofsBacking.File
        : (LoopError ?? LoopOverlayError) is null ? ErofsBacking.LoopDevice
        : null;

    /// <summary>
    /// Tries it with a small image and an overlay on it. They are visible nowhere, and nothing of them is left behind.
    /// </summary>
    /// <param name="directory">A directory on the file system where the images will be. A file is made there and removed.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static ErofsFeatures Detect(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var path = Path.Combine(directory, $".erofs-check-{Guid.NewGuid():N}");
        try
        {
            WriteImage(path);
            var file = Try(path, ErofsBacking.File);
            var loop = Try(path, ErofsBacking.LoopDevice);
            return new(file.Error, file.OverlayError, loop.Error, loop.OverlayError);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Tells an operator what this machine can do, for <c>SnapshotterHostBuilder.AddCheck</c>.</summary>
    public IEnumerable<SnapshotterCheckResult> ToCheckResults()
    {
        yield return (Backing, FileError) switch
        {
            (ErofsBacking.File, _) => SnapshotterCheckResult.Ok("the kernel mounts EROFS images as files, also under overlays"),
            (ErofsBacking.LoopDevice, null) => SnapshotterCheckResult.Note($"the kernel mounts EROFS images as files, but not under overlays ({FileOverlayError}); loop devices take their place"),
            (ErofsBacking.LoopDevice, _) => SnapshotterCheckResult.Note($"the kernel does not mount EROFS images as files ({FileError}); loop devices take their place, and Linux 6.12 with CONFIG_EROFS_FS_BACKED_BY_FILE needs none"),
            _ => SnapshotterCheckResult.Wrong(
                $"no overlay on EROFS images can be mounted: as files, {FileError ?? FileOverlayError}; through loop devices, {LoopError ?? LoopOverlayError}",
                "load the kernel's modules erofs, loop and overlay; Linux 5.4 or newer has EROFS"),
        };
    }

    private static void WriteImage(string path)
    {
        var writer = new ErofsWriter();
        writer.AddDirectory("lower"u8, new(0x1ED, 0, 0, 0));
        writer.AddDirectory("upper"u8, new(0x1ED, 0, 0, 0));
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        writer.Finish(file);
    }

    private static (string? Error, string? OverlayError) Try(string image, ErofsBacking backing)
    {
        try
        {
            using var mount = ImageMount.Open(image, backing, context: null);
            return (null, TryOverlay(mount));
        }
        catch (IOException exception)
        {
            return (exception.Message, null);
        }
    }

    private static string? TryOverlay(SafeFileHandle mount)
    {
        var root = $"/proc/self/fd/{mount.DangerousGetHandle()}/fs";
        var error = Linux.OpenFileSystem("overlay", out var overlay);
        using (overlay)
        {
            if (error == 0)
                error = Linux.SetFileSystemOption(overlay, "lowerdir", $"{root}/upper:{root}/lower");
            if (error == 0)
                error = Linux.CreateFileSystem(overlay);
            return error == 0 ? null : $"the kernel refuses an overlay: {Linux.Text(error)}";
        }
    }
}
