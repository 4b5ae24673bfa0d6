using System.Buffers;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Trees;

/// <summary>
/// A walk through a tree that a container wrote, so it is not trusted, and that may change meanwhile. The walk goes from
/// handle to handle: no path is too long, no link leads out, and it does not enter mounts. Deep trees need neither stack nor
/// open files: below a fixed depth, the walk closes a directory while it is deeper, and reopens it by <c>..</c>, which must
/// lead to the same directory.
/// </summary>
internal abstract class TreeWalk
{
    private const int KeptOpen = 32;
    private const int BufferLength = 32 * 1024;

    private readonly List<TreeLevel> _levels = [];

    /// <summary>The directories from the top to the walk's position.</summary>
    protected IReadOnlyList<TreeLevel> Levels => _levels;

    /// <summary>Walks a tree.</summary>
    /// <param name="above">The directory that contains the tree's top.</param>
    /// <param name="name">The name of the top.</param>
    /// <param name="cancellationToken">Cancels the walk between two entries.</param>
    /// <exception cref="OperationCanceledException">The walk was canceled.</exception>
    protected void Walk(SafeFileHandle above, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            KernelErrors.ThrowIfFailed(Linux.Look(above, out var status), "cannot examine a directory");
            Descend(above, status.Mount, name.ToArray());
            while (_levels.Count > 0)
                Step(above, buffer, cancellationToken);
        }
        finally
        {
            foreach (var level in _levels)
                level.Handle?.Dispose();
            _levels.Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Visits an entry; returns whether it is a directory to enter.</summary>
    protected abstract bool Visit(SafeFileHandle directory, ReadOnlySpan<byte> name, byte type);

    /// <summary>Visits an open directory; returns whether to enter it.</summary>
    protected abstract bool Enter(ReadOnlySpan<byte> name, in FileStatus status);

    /// <summary>Leaves a directory, which is still the last level; returns whether to read it again.</summary>
    protected virtual bool Leave(SafeFileHandle above, TreeLevel level) => false;

    /// <summary>Visits a directory of another mount, which the walk does not enter.</summary>
    protected abstract void Stop(ReadOnlySpan<byte> name);

    /// <summary>Handles a directory in the last level that cannot be opened or read.</summary>
    protected abstract void Fail(ReadOnlySpan<byte> name, int error);

    /// <summary>
    /// Handles a directory that was moved while the walk was in it: the walk skips the rest of it, and of the directories up
    /// to the last level.
    /// </summary>
    protected virtual void Lose(ReadOnlySpan<byte> name)
    {
    }

    private void Step(SafeFileHandle above, byte[] buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var level = _levels[^1];
        if (level.IsUnread)
            Read(level, buffer, cancellationToken);
        else if (level.Directories.Pop() is { } name)
            Descend(level.Handle!, level.Status.Mount, name);
        else
            Ascend(level, above);
    }

    private void Read(TreeLevel level, byte[] buffer, CancellationToken cancellationToken)
    {
        var entries = new DirectoryEntries(level.Handle!, buffer);
        while (entries.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Visit(level.Handle!, entries.Name, entries.Type))
                level.Directories.Push(entries.Name);
        }

        level.IsUnread = false;
        level.Readings++;
        if (entries.Error != 0)
            Fail(".\0"u8, entries.Error);
    }

    private void Descend(SafeFileHandle above, MountIdentity mount, byte[] name)
    {
        var error = Linux.OpenDirectory(above, name, out var handle);
        var status = default(FileStatus);
        if (error == 0)
            error = Linux.Look(handle, out status);

        if (error == 0 && status.Mount == mount && Enter(name, status))
        {
            _levels.Add(new(name, status, handle));
            if (_levels.Count > KeptOpen + 1)
                Close(_levels[^2]);
            return;
        }

        handle.Dispose();
        if (error is Errno.NotADirectory or Errno.TooManyLinks)
            Visit(above, name, DirectoryEntries.UnknownType); // It is no longer a directory.
        else if (error is not 0 and not Errno.NoSuchFile)
            Fail(name, error);
        else if (error == 0 && status.Mount != mount)
            Stop(name);
    }

    private void Ascend(TreeLevel level, SafeFileHandle top)
    {
        var above = _levels.Count == 1 ? top : _levels[^2].Handle ??= ReopenAbove(level);
        if (above is null)
        {
            LoseTheWay();
            return;
        }

        if (Leave(above, level) && Rewind(level))
            return;

        Close(level);
        _levels.RemoveAt(_levels.Count - 1);
    }

    private SafeFileHandle? ReopenAbove(TreeLevel level)
    {
        var expected = _levels[^2].Status;
        var error = Linux.OpenDirectory(level.Handle!, "..\0"u8, out var above);
        if (error == 0 && Linux.Look(above, out var status) == 0 && status.Identity == expected.Identity && status.Mount == expected.Mount)
            return above;

        above.Dispose();
        return null;
    }

    private void LoseTheWay()
    {
        var name = _levels[^1].Name;
        do
        {
            Close(_levels[^1]);
            name = _levels[^1].Name;
            _levels.RemoveAt(_levels.Count - 1);
        }
        while (_levels[^1].Handle is null);

        Lose(name);
    }

    private static bool Rewind(TreeLevel level)
    {
        if (Linux.OpenDirectory(level.Handle!, ".\0"u8, out var handle) != 0)
        {
            handle.Dispose();
            return false;
        }

        Close(level);
        level.Handle = handle;
        level.IsUnread = true;
        return true;
    }

    private static void Close(TreeLevel level)
    {
        level.Handle?.Dispose();
        level.Handle = null;
    }
}
