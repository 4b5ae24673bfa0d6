using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>The space on a file system.</summary>
/// <param name="FreeBytes">The free bytes that users other than root can use.</param>
/// <param name="TotalBytes">All bytes.</param>
/// <param name="FreeInodes">The free inodes; 0 on a file system that makes inodes as it needs them, such as btrfs.</param>
internal readonly record struct FileSystemSpace(long FreeBytes, long TotalBytes, long FreeInodes)
{
    /// <summary>Measures the file system of a directory, or of another one if it does not exist.</summary>
    /// <exception cref="IOException">The file system cannot be measured.</exception>
    public static FileSystemSpace Of(string directory, string other)
    {
        var error = Linux.Open(directory, OpenFlags.Directory, out var handle);
        if (error == Errno.NoSuchFile)
            error = Linux.Open(other, OpenFlags.Directory, out handle);

        var status = default(FileSystemStatus);
        using (handle)
        {
            if (error == 0)
                error = Linux.LookAtFileSystem(handle, out status);
        }

        KernelErrors.ThrowIfFailed(error, $"cannot measure the file system of \"{directory}\"");
        return new(status.FreeBytes, status.Blocks * status.BlockSize, status.FreeInodes);
    }
}
