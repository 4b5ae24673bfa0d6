using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Trees;

/// <summary>Removes a tree, and reports the entries that cannot be removed and why.</summary>
internal sealed class TreeRemoval : TreeWalk
{
    private const int MaxFailures = 100;

    // Something may fill a directory while it is emptied, and some file systems skip entries when others are removed.
    private const int MaxReadings = 16;

    private readonly List<RemovalFailure> _failures = [];
    private long _failureCount, _freedBytes, _freedInodes;

    private TreeRemoval()
    {
    }

    /// <summary>Removes a tree. A missing tree is not an error.</summary>
    /// <param name="above">The directory that contains the tree's top.</param>
    /// <param name="name">The name of the top.</param>
    /// <param name="cancellationToken">Cancels it; the next removal continues.</param>
    public static RemovalReport Of(SafeFileHandle above, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        var removal = new TreeRemoval();
        removal.Walk(above, name, cancellationToken);
        return new(new(removal._freedBytes, removal._freedInodes), removal._failureCount, removal._failures);
    }

    protected override bool Visit(SafeFileHandle directory, ReadOnlySpan<byte> name, byte type)
    {
        if (type == DirectoryEntries.DirectoryType)
            return true;

        var status = default(FileStatus);
        if (Linux.Look(directory, name, out status) == 0 && status.Type == FileType.Directory)
            return true;

        var error = Linux.RemoveFile(directory, name);
        if (error == Errno.IsADirectory)
            return true;

        if (error == 0)
            Count(status, links: status.Links);
        else if (error != Errno.NoSuchFile)
            Report(Levels.Count, name, Reason(error, status));
        return false;
    }

    protected override bool Enter(ReadOnlySpan<byte> name, in FileStatus status)
    {
        // Nothing in it can be removed: one report instead of one for each entry.
        if (!status.IsImmutable && !status.IsAppendOnly)
            return true;

        Report(Levels.Count, name, Reason(Errno.NotPermitted, status));
        return false;
    }

    protected override bool Leave(SafeFileHandle above, TreeLevel level)
    {
        if (level.HasFailed)
        {
            MarkFailed(Levels.Count - 1);
            return false;
        }

        var error = Linux.RemoveDirectory(above, level.Name);
        if (error == Errno.NotEmpty && level.Readings < MaxReadings)
            return true;

        if (error == 0)
            Count(level.Status, links: 1);
        else if (error != Errno.NoSuchFile)
            Report(Levels.Count - 1, level.Name, error == Errno.NotEmpty ? "something fills it again while it is emptied" : Reason(error, level.Status));
        return false;
    }

    protected override void Stop(ReadOnlySpan<byte> name) =>
        Report(Levels.Count, name, "something is mounted on it, and its content stays; unmount it");

    protected override void Fail(ReadOnlySpan<byte> name, int error) => Report(Levels.Count, name, Linux.Text(error));

    protected override void Lose(ReadOnlySpan<byte> name) =>
        Report(Levels.Count, name, "something in it was moved away during the removal");

    private static string Reason(int error, in FileStatus status) => error switch
    {
        Errno.NotPermitted when status.IsImmutable => "it is immutable; use chattr -i",
        Errno.NotPermitted when status.IsAppendOnly => "it can be appended to only; use chattr -a",
        Errno.Busy => "something is mounted on it; unmount it",
        _ => Linux.Text(error),
    };

    private void Report(int depth, ReadOnlySpan<byte> name, string reason)
    {
        MarkFailed(depth);
        _failureCount++;
        if (_failures.Count < MaxFailures)
            _failures.Add(new(TreePath.Of(Levels.Take(depth), name), reason));
    }

    private void MarkFailed(int depth)
    {
        if (depth > 0)
            Levels[depth - 1].HasFailed = true;
    }

    private void Count(in FileStatus status, uint links)
    {
        if (links > 1)
            return;

        _freedBytes += status.AllocatedBytes;
        _freedInodes++;
    }
}
