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
    private const long OverlayType = 0x794C7630;

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

    /// <summary>Checks that overlays can be mounted from the file system of the snapshots' directory.</summary>
    /// <exception cref="SnapshotterException">FailedPrecondition: they cannot.</exception>
    public static void CheckFileSystem(string root, string snapshots)
    {
        var error = Linux.Open(snapshots, OpenFlags.Directory, out var directory);
        using (directory)
        {
            KernelErrors.ThrowIfFailed(error, $"cannot open \"{snapshots}\"");
            if (IsOverlay(directory))
                throw Unfit(root, "it is itself on an overlay, as in a container, and overlay mounts there fail; choose a directory on ext4, xfs or btrfs");
            if (!DirectoryEntries.HaveTypes(directory))
                throw Unfit(root, "its file system does not keep the type of a file beside its name (d_type), which overlay mounts need; format xfs with ftype=1, or ext4 with the feature filetype");
        }
    }

    /// <summary>Whether a directory is on an overlay, which cannot be the upper directory of another one.</summary>
    public static bool IsOverlay(SafeFileHandle directory) => Linux.LookAtFileSystem(directory, out var status) == 0 && status.Type == OverlayType;

    private static SnapshotterException Unfit(string root, string why) =>
        SnapshotterException.FailedPrecondition($"cannot use the root directory \"{root}\": {why}");
}
