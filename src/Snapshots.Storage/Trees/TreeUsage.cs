using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Trees;

/// <summary>
/// Measures a tree, as containerd does: the allocated blocks and the inodes, each once, including the top's. Files that
/// disappear meanwhile, and mounts in the tree, do not count.
/// </summary>
internal sealed class TreeUsage : TreeWalk
{
    // Files with several links only, so that memory does not grow with the tree.
    private readonly HashSet<FileIdentity> _linked = [];
    private readonly string _path;
    private long _bytes, _inodes;

    private TreeUsage(string path) => _path = path;

    /// <summary>Measures a tree.</summary>
    /// <param name="above">The directory that the name is relative to.</param>
    /// <param name="name">The tree's top.</param>
    /// <param name="path">The top's path, for messages.</param>
    /// <param name="cancellationToken">Cancels it between two files.</param>
    public static SnapshotUsage Of(SafeFileHandle above, ReadOnlySpan<byte> name, string path, CancellationToken cancellationToken)
    {
        var usage = new TreeUsage(path);
        usage.Walk(above, name, cancellationToken);
        return usage._inodes > 0
            ? new(usage._bytes, usage._inodes)
            : throw new SnapshotterException(SnapshotterError.DataLoss, $"the directory \"{path}\" is gone");
    }

    protected override bool Visit(SafeFileHandle directory, ReadOnlySpan<byte> name, byte type)
    {
        if (type == DirectoryEntries.DirectoryType)
            return true; // Counted when it is entered.

        var error = Linux.Look(directory, name, out var status);
        if (error == Errno.NoSuchFile)
            return false;
        if (error != 0)
            Fail(name, error);
        if (status.Type == FileType.Directory)
            return true;

        if (!status.IsMountRoot && (status.Links <= 1 || _linked.Add(status.Identity)))
            Count(status);
        return false;
    }

    protected override bool Enter(ReadOnlySpan<byte> name, in FileStatus status)
    {
        Count(status);
        return true;
    }

    protected override void Stop(ReadOnlySpan<byte> name)
    {
    }

    protected override void Fail(ReadOnlySpan<byte> name, int error) =>
        throw KernelErrors.Failed(error, $"cannot measure \"{_path}\" at \"{TreePath.Of(Levels.Skip(1), name)}\"");

    private void Count(in FileStatus status)
    {
        _bytes += status.AllocatedBytes;
        _inodes++;
    }
}
