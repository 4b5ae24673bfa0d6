using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>Makes a snapshot's directory, with <c>fs</c> inside, and <c>work</c> for overlay mounts, and syncs it.</summary>
/// <param name="snapshots">The directory of all snapshots.</param>
/// <param name="defaults">The modes and owner that new directories get there.</param>
/// <param name="hasWork">Whether to make <c>work</c>.</param>
internal sealed class DirectoryMaker(SafeFileHandle snapshots, DirectoryDefaults defaults, bool hasWork)
{
    // Only root may enter a snapshot's directory, as with containerd's own overlay snapshotter. `fs` becomes a container's
    // root directory; the kernel sets mode 0 on the directory that it makes in `work`.
    private const UnixFileMode Mode = (UnixFileMode)0b111_000_000;
    private const UnixFileMode ContentMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode WorkMode = (UnixFileMode)0b111_001_001;

    /// <summary>Makes the directories, and changes neither their modes nor their owner.</summary>
    public static int MakeRaw(SafeFileHandle snapshots, ReadOnlySpan<byte> name, bool hasWork, out SafeFileHandle directory)
    {
        directory = new();
        var error = Linux.MakeDirectory(snapshots, name, Mode);
        if (error == 0)
            error = Linux.OpenDirectory(snapshots, name, out directory);
        if (error == 0)
            error = Linux.MakeDirectory(directory, "fs\0"u8, ContentMode);
        if (error == 0 && hasWork)
            error = Linux.MakeDirectory(directory, "work\0"u8, WorkMode);
        return error;
    }

    /// <summary>Whether these are the modes that <see cref="MakeRaw"/> requests.</summary>
    public static bool HasModes(UnixFileMode content, UnixFileMode work) => (content, work) == (ContentMode, WorkMode);

    /// <summary>Removes the directories that <see cref="Make"/> makes, if they exist and are empty.</summary>
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

    /// <summary>Makes a snapshot's directory without anything in it, which a power cut can still undo.</summary>
    /// <param name="number">The snapshot's number.</param>
    public void MakeEmpty(long number)
    {
        var error = Linux.MakeDirectory(snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), Mode);
        ThrowIfUsed(number, error);
        KernelErrors.ThrowIfFailed(error, CannotMake(number));
    }

    /// <summary>Makes a snapshot's directory, which a power cut can still undo. If it fails, it leaves nothing.</summary>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="owner">The owner of <c>fs</c>.</param>
    public void Make(long number, Owner owner)
    {
        var name = SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]);
        var error = MakeRaw(snapshots, name, hasWork, out var directory);
        using (directory)
        {
            ThrowIfUsed(number, error);
            if (error == 0)
                error = Finish(directory, owner);
        }

        if (error == 0)
            return;

        Unmake(snapshots, name);
        throw KernelErrors.Failed(error, CannotMake(number));
    }

    /// <summary>
    /// Waits until the directories that <see cref="Make"/> made are on the disk, except for the entry in the directory of all
    /// snapshots. If there are many, make all of them first: on a file system with a journal, the first sync then writes all.
    /// </summary>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="owner">The owner of <c>fs</c>.</param>
    public void Sync(long number, Owner owner)
    {
        var error = Linux.OpenDirectory(snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), out var directory);
        using (directory)
        {
            // The sync of a directory does not cover later changes of its entries' owner and mode.
            if (error == 0 && !IsAsMade(owner))
                error = SyncContent(directory);
            if (error == 0)
                error = Linux.Sync(directory);
        }

        KernelErrors.ThrowIfFailed(error, CannotMake(number));
    }

    /// <summary>Changes the owner of a directory that was made ahead, durably.</summary>
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

    private static void ThrowIfUsed(long number, int error)
    {
        if (error == Errno.AlreadyExists)
            throw ContentExists.Error($"the directory of snapshot number {number}");
    }

    private int Finish(SafeFileHandle directory, Owner owner)
    {
        var error = 0;
        if (defaults.Owner != owner)
            error = Linux.SetOwner(directory, "fs\0"u8, owner);
        if (error == 0 && !defaults.KeepModes)
            error = SetModes(directory);
        return error;
    }

    private bool IsAsMade(Owner owner) => defaults.Owner == owner && defaults.KeepModes;

    private static string CannotMake(long number) => $"cannot make the directory of snapshot number {number}";

    private int SetModes(SafeFileHandle directory)
    {
        var error = Linux.SetMode(directory, "fs\0"u8, ContentMode);
        return error == 0 && hasWork ? Linux.SetMode(directory, "work\0"u8, WorkMode) : error;
    }

    private static int SyncContent(SafeFileHandle directory)
    {
        var error = Linux.OpenDirectory(directory, "fs\0"u8, out var content);
        using (content)
            return error == 0 ? Linux.Sync(content) : error;
    }
}

/// <summary>What a new directory gets, which does not change while the process runs.</summary>
/// <param name="KeepModes">Whether it gets the requested mode, which a umask, an access list or set-group-id can change.</param>
/// <param name="Owner">The owner; with set-group-id on the directory above, the group is another one.</param>
internal readonly record struct DirectoryDefaults(bool KeepModes, Owner Owner);
