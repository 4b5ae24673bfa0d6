using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay.Directories;

/// <summary>Makes a snapshot's directory with what is in it, and syncs that.</summary>
/// <param name="snapshots">The directory of all snapshots.</param>
/// <param name="habits">What becomes of a directory that is made in there.</param>
internal sealed class DirectoryMaker(SafeFileHandle snapshots, DirectoryHabits habits)
{
    // The snapshot's directory is root's alone, as Go's overlay snapshotter has it: nobody but the mounter walks through
    // it. `fs` becomes a container's root directory; the kernel resets `work` to mode 0 inside.
    private const UnixFileMode Mode = (UnixFileMode)0b111_000_000;
    private const UnixFileMode ContentMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode WorkMode = (UnixFileMode)0b111_001_001;

    /// <summary>Makes a raw directory with both others inside, to see what becomes of them.</summary>
    public static int MakeRaw(SafeFileHandle snapshots, ReadOnlySpan<byte> name, out SafeFileHandle directory)
    {
        directory = new();
        var error = Linux.MakeDirectory(snapshots, name, Mode);
        if (error == 0)
            error = Linux.OpenDirectory(snapshots, name, out directory);
        if (error == 0)
            error = Linux.MakeDirectory(directory, "fs\0"u8, ContentMode);
        if (error == 0)
            error = Linux.MakeDirectory(directory, "work\0"u8, WorkMode);
        return error;
    }

    /// <summary>Whether these are the modes that <see cref="MakeRaw"/> has asked for.</summary>
    public static bool HasModes(UnixFileMode content, UnixFileMode work) => (content, work) == (ContentMode, WorkMode);

    /// <summary>Removes what <see cref="Make"/> has made, as far as it is there and empty.</summary>
    public static void Unmake(SafeFileHandle snapshots, ReadOnlySpan<byte> name)
    {
        if (Linux.OpenDirectory(snapshots, name, out var directory) == 0)
        {
            Linux.RemoveDirectory(directory, "fs\0"u8);
            Linux.RemoveDirectory(directory, "work\0"u8);
        }

        directory.Dispose();
        Linux.RemoveDirectory(snapshots, name);
    }

    /// <summary>Makes a snapshot's directory, which a power cut may still undo; if that fails, nothing is left.</summary>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="owner">Who owns what is in it.</param>
    public void Make(long number, Owner owner)
    {
        var name = SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]);
        var error = MakeRaw(snapshots, name, out var directory);
        using (directory)
        {
            // Whose it is, nobody knows, and it may hold data: it stays as it is. AlreadyExists would be wrong: from
            // Prepare it means "I have that layer already" to containerd.
            if (error == Errno.AlreadyExists)
                throw new SnapshotterException(SnapshotterError.Internal, $"the directory of snapshot number {number} is there already: a number was used twice");

            if (error == 0)
                error = Finish(directory, owner);
        }

        if (error == 0)
            return;

        Unmake(snapshots, name);
        throw KernelErrors.Failed(error, CannotMake(number));
    }

    /// <summary>
    /// Has what <see cref="Make"/> made on the disk, but for the entry in the directory above. When many are made, make all
    /// of them first: the first sync makes a file system with a journal write that, and the others find all done.
    /// </summary>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="owner">Who owns what is in it.</param>
    public void Sync(long number, Owner owner)
    {
        var error = Linux.OpenDirectory(snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), out var directory);
        using (directory)
        {
            // A directory's own sync need not cover what others changed about its entries.
            if (error == 0 && !IsAsMade(owner))
                error = SyncContent(directory);
            if (error == 0)
                error = Linux.Sync(directory);
        }

        KernelErrors.ThrowIfFailed(error, CannotMake(number));
    }

    /// <summary>Gives a directory that this process has made for itself to another owner.</summary>
    public void GiveTo(long number, Owner owner)
    {
        var error = Linux.OpenDirectory(snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), out var directory);
        using (directory)
        {
            if (error == 0)
                error = Linux.SetOwner(directory, "fs\0"u8, owner);
            if (error == 0)
                error = SyncContent(directory);
        }

        KernelErrors.ThrowIfFailed(error, $"cannot change the owner of the directory of snapshot number {number}");
    }

    private int Finish(SafeFileHandle directory, Owner owner)
    {
        var error = 0;
        if (habits.Owner != owner)
            error = Linux.SetOwner(directory, "fs\0"u8, owner);
        if (error == 0 && !habits.KeepModes)
            error = SetModes(directory);
        return error;
    }

    private bool IsAsMade(Owner owner) => habits.Owner == owner && habits.KeepModes;

    private static string CannotMake(long number) => $"cannot make the directory of snapshot number {number}";

    private static int SetModes(SafeFileHandle directory)
    {
        var error = Linux.SetMode(directory, "fs\0"u8, ContentMode);
        return error == 0 ? Linux.SetMode(directory, "work\0"u8, WorkMode) : error;
    }

    private static int SyncContent(SafeFileHandle directory)
    {
        var error = Linux.OpenDirectory(directory, "fs\0"u8, out var content);
        using (content)
            return error == 0 ? Linux.Sync(content) : error;
    }
}

/// <summary>What becomes of a directory that is made, for good while the process runs.</summary>
/// <param name="KeepModes">Whether it has the mode that was asked for: a umask, an access list or set-group-id changes it.</param>
/// <param name="Owner">Who owns it: set-group-id above gives another group.</param>
internal readonly record struct DirectoryHabits(bool KeepModes, Owner Owner);
