using System.Text;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay.Mounts;

/// <summary>What overlay mounts need of the root directory.</summary>
internal static class OverlayRoot
{
    // The mount options must fit into a page: two full paths, and the parents' names below a common directory. With this
    // limit, 128 parents fit.
    private const int MaxLength = 1024;

    /// <summary>Checks that the path fits into mount options.</summary>
    /// <exception cref="SnapshotterException">FailedPrecondition: it does not.</exception>
    public static void CheckPath(string root)
    {
        if (!Path.IsPathFullyQualified(root))
            throw Unfit(root, "it is not an absolute path");
        if (Encoding.UTF8.GetByteCount(root) > MaxLength)
            throw Unfit(root, $"its path is longer than {MaxLength} bytes, and mount options must fit into a page");

        try
        {
            _ = Mount.Overlay(root, root, [root]);
        }
        catch (ArgumentException exception)
        {
            throw Unfit(root, exception.Message);
        }
    }

    /// <summary>Checks that the file system of the snapshots' directory keeps the types of files.</summary>
    /// <exception cref="SnapshotterException">FailedPrecondition: it does not.</exception>
    public static void CheckFileSystem(string root, string snapshots)
    {
        var error = Linux.Open(snapshots, OpenFlags.Directory, out var directory);
        using (directory)
        {
            KernelErrors.ThrowIfFailed(error, $"cannot open \"{snapshots}\"");
            if (!DirectoryEntries.HaveTypes(directory))
                throw Unfit(root, "its file system does not keep the type of a file beside its name (d_type), which overlay mounts need; format xfs with ftype=1, or ext4 with the feature filetype");
        }
    }

    private static SnapshotterException Unfit(string root, string why) =>
        SnapshotterException.FailedPrecondition($"cannot use the root directory \"{root}\": {why}");
}
