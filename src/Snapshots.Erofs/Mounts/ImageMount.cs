using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs.Mounts;

/// <summary>Makes a mount of an image that is visible nowhere yet, and is gone with its handle.</summary>
internal static class ImageMount
{
    private const string Type = "erofs";

    /// <exception cref="IOException">The kernel cannot mount the image so.</exception>
    public static SafeFileHandle Open(string image, ErofsBacking backing, string? context)
    {
        SafeFileHandle mount;
        if (backing != ErofsBacking.LoopDevice)
        {
            var error = OpenFrom(image, context, out mount);
            if (error == 0)
                return mount;
            if (backing == ErofsBacking.File || !CanLoopHelp(error))
                throw Linux.Failed(error, $"cannot mount \"{image}\" as a file{Hint(error)}");
        }

        using var loop = LoopDevice.Open(image);
        var loopError = OpenFrom(loop.Path, context, out mount);
        return loopError == 0 ? mount : throw Linux.Failed(loopError, $"cannot mount \"{image}\" through {loop.Path}{Hint(loopError)}");
    }

    // Not a block device: an older kernel. Invalid: a file system that has no such files, or a damaged image.
    private static bool CanLoopHelp(int error) => error is Errno.NotBlockDevice or Errno.InvalidArgument or Errno.NotSupported;

    private static string Hint(int error) => error switch
    {
        Errno.NoDevice => " (the kernel has not loaded EROFS: modprobe erofs)",
        Errno.NotBlockDevice => " (this needs Linux 6.12 with CONFIG_EROFS_FS_BACKED_BY_FILE)",
        _ => "",
    };

    private static int OpenFrom(string source, string? context, out SafeFileHandle mount)
    {
        mount = new();
        var error = Linux.OpenFileSystem(Type, out var fileSystem);
        using (fileSystem)
        {
            if (error == 0)
                error = Linux.SetFileSystemOption(fileSystem, "source", source);
            if (error == 0)
                error = Linux.SetFileSystemFlag(fileSystem, "ro");
            if (error == 0 && context is not null)
                error = Linux.SetFileSystemOption(fileSystem, "context", context);
            if (error == 0)
                error = Linux.CreateFileSystem(fileSystem);
            return error == 0 ? Linux.MountFileSystem(fileSystem, MountAttributes.ReadOnly, out mount) : error;
        }
    }
}
