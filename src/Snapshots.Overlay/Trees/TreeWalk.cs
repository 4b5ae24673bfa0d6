using System.Buffers;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay.Trees;

/// <summary>
/// A walk through a tree that may change meanwhile, and that nobody vouches for: it was written by a container. It goes
/// from handle to handle, so no path is too long, no link leads out, and a mount ends it. Its depth costs neither stack
/// nor open files: below a fixed depth a directory is closed while the walk is further down, and found again by
/// <c>..</c>, which has to lead to where it came from.
/// </summary>
internal abstract class TreeWalk
{
    private const int KeptOpen = 32;
    private const int BufferLength = 32 * 1024;

    private readonly List<TreeLevel> _levels = [];

    /// <summary>The directories from the top to where the walk is.</summary>
    protected IReadOnlyList<TreeLevel> Levels => _levels;

    /// <summary>Walks a tree.</summary>
    /// <param name="above">The directory that the tree's top is in.</param>
    /// <param name="name">The top's name there.</param>
    /// <param name="cancellationToken">Ends the walk between two entries.</param>
    /// <exception cref="OperationCanceledException">The walk was ended; what it has done is done.</exception>
    protected void Walk(SafeFileHandle above, ReadOnlySpan<byte> name, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            KernelErrors.ThrowIfFailed(Linux.Look(above, out var status), "cannot look at a directory");
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

    /// <summary>Comes upon an entry; returns whether it is a directory to go into.</summary>
    protected abstract bool Visit(SafeFileHandle directory, ReadOnlySpan<byte> name, byte type);

    /// <summary>Comes upon a directory; returns whether to go in.</summary>
    protected abstract bool Enter(ReadOnlySpan<byte> name, in FileStatus status);

    /// <summary>Is done with a directory, which is the last level still; returns whether to read it again.</summary>
    protected virtual bool Leave(SafeFileHandle above, TreeLevel level) => false;

    /// <summary>Comes upon a directory of another mount, and does not go in.</summary>
    protected abstract void Stop(ReadOnlySpan<byte> name);

    /// <summary>Cannot open or read a directory in the last level.</summary>
    protected abstract void Fail(ReadOnlySpan<byte> name, int error);

    /// <summary>A directory was moved while the walk was in it: what is not done yet in there, and above up to here, is left.</summary>
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
            Visit(above, name, DirectoryEntries.UnknownType); // It was a directory when its name was read.
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
