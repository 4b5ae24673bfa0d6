using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay.Trees;

/// <summary>
/// What a tree takes up, as containerd counts it: the blocks allocated, and the inodes, each once, the top's too. What
/// disappears while it is measured is not counted; what is mounted in it is not the tree's.
/// </summary>
internal sealed class TreeUsage : TreeWalk
{
    // A file with one link can be met once only, so that memory does not grow with the tree.
    private readonly HashSet<FileIdentity> _linked = [];
    private readonly string _path;
    private long _bytes, _inodes;

    private TreeUsage(string path) => _path = path;

    /// <summary>Measures a tree.</summary>
    /// <param name="above">The directory that the name starts from.</param>
    /// <param name="name">The tree's top.</param>
    /// <param name="path">The same, for messages.</param>
    /// <param name="cancellationToken">Ends it.</param>
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
