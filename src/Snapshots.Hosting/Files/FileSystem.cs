using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Files;

/// <summary>The file system that a directory is on.</summary>
/// <param name="IsReadOnly">Whether it, or its mount, is read-only.</param>
/// <param name="FreeBytes">The free bytes that users other than root can use.</param>
/// <param name="HasInodes">Whether it counts inodes; btrfs does not.</param>
/// <param name="FreeInodes">How many files it can take.</param>
internal readonly record struct FileSystem(bool IsReadOnly, long FreeBytes, bool HasInodes, long FreeInodes)
{
    /// <exception cref="IOException">The kernel does not tell.</exception>
    public static FileSystem Of(string directory)
    {
        using var handle = HostFiles.OpenPath(directory, OpenFlags.Directory);
        var error = Linux.LookAtFileSystem(handle, out var status);
        if (error != 0)
            throw Linux.Failed(error, $"cannot look at the file system of \"{directory}\"");

        return new((status.Flags & FileSystemStatus.ReadOnly) != 0, status.FreeBytes, status.Inodes > 0, status.FreeInodes);
    }
}
