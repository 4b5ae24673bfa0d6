using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>Opens the directory of all snapshots, and finds out what new directories get there.</summary>
internal static class RootCheck
{
    private const UnixFileMode OwnerOnly = (UnixFileMode)0b111_000_000;

    private static ReadOnlySpan<byte> ProbeName => ".probe\0"u8;

    /// <summary>Opens ROOT/snapshots; creates it if it is missing.</summary>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition, or ResourceExhausted on a full disk; the message is for the operator.
    /// </exception>
    public static SafeFileHandle Open(string root)
    {
        if (!Path.IsPathFullyQualified(root))
            throw Unfit(root, "it is not an absolute path");
        if (root == "/")
            throw Unfit(root, "it is the machine's root directory; choose a directory that only the snapshotter uses");

        Check(Linux.Open(root, OpenFlags.Directory, out var directory), root);
        using (directory)
        {
            var error = Linux.MakeDirectory(directory, "snapshots\0"u8, OwnerOnly);
            if (error == 0)
                error = Linux.Sync(directory);
            Check(error == Errno.AlreadyExists ? 0 : error, root);
        }

        // By its path: it may be a link to another disk.
        Check(Linux.Open(Path.Combine(root, SnapshotName.Snapshots), OpenFlags.Directory, out var snapshots), root);
        return snapshots;
    }

    /// <summary>Makes a snapshot's directory and removes it, to see what it gets.</summary>
    /// <exception cref="SnapshotterException">As from <see cref="Open"/>.</exception>
    public static DirectoryDefaults Probe(SafeFileHandle snapshots, string root)
    {
        DirectoryMaker.Unmake(snapshots, ProbeName); // Left by a crash.
        var error = DirectoryMaker.MakeRaw(snapshots, ProbeName, hasWork: true, out var probe);
        try
        {
            Check(error, root);
            Check(Linux.Look(probe, "fs\0"u8, out var content), root);
            Check(Linux.Look(probe, "work\0"u8, out var work), root);
            return new(DirectoryMaker.HasModes(content.Permissions, work.Permissions), content.Owner);
        }
        finally
        {
            probe.Dispose();
            DirectoryMaker.Unmake(snapshots, ProbeName);
        }
    }

    private static void Check(int error, string root)
    {
        if (error == 0)
            return;

        throw error switch
        {
            Errno.NoSuchFile => Unfit(root, "it does not exist"),
            Errno.NotADirectory => Unfit(root, "it, or \"snapshots\" in it, is not a directory"),
            Errno.ReadOnlyFileSystem => Unfit(root, "its file system is read-only"),
            Errno.AccessDenied or Errno.NotPermitted => Unfit(root, $"this process may not write in it ({Linux.Text(error)})"),
            _ => KernelErrors.Failed(error, $"cannot use the root directory \"{root}\"") is var failed and SnapshotterException
                ? failed
                : Unfit(root, Linux.Text(error)),
        };
    }

    private static SnapshotterException Unfit(string root, string why) =>
        SnapshotterException.FailedPrecondition($"cannot use the root directory \"{root}\": {why}");
}
