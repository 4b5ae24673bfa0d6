using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// The directory of a store's files. On a file system that copies on write, each change needs free space, and a full disk
/// could not be freed any more: there, new files in the directory are written in place, and SQLite's index of the log, which
/// a process would die of when it is mapped from a full disk, stays in memory.
/// </summary>
internal static class StoreDirectory
{
    private const long Btrfs = 0x9123683E, Bcachefs = 0xCA451A4E, Zfs = 0x2FC12FC1;

    // SQLite empties its index when it opens the store, and a process dies of an index for which there is no space.
    private const long LeastSpace = 256 << 10;

    // SQLite allocates its index by writing a byte to each 4 KiB. Smaller blocks leave holes, and a process dies of one that it
    // writes to when the disk is full.
    private const long LeastBlock = 4096;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the directory if it is missing, but no other one, and prepares it if it is empty.</summary>
    /// <exception cref="IOException">The directory cannot be created.</exception>
    public static void Create(string path)
    {
        if (!Directory.Exists(path))
        {
            var parent = Path.GetDirectoryName(path);
            if (!Directory.Exists(parent))
                throw new DirectoryNotFoundException($"the directory \"{parent}\" is missing");

            if (OperatingSystem.IsLinux())
                Directory.CreateDirectory(path, OwnerOnly);
            else
                Directory.CreateDirectory(path);

            StoreDisk.SyncDirectory(parent);
        }

        if (CopiesOnWrite(path) && !Directory.EnumerateFileSystemEntries(path).Any())
            WriteInPlace(path);
    }

    /// <summary>
    /// Whether a file in the directory cannot be SQLite's index of the log: the file system copies what is written, has small
    /// blocks, or is full.
    /// </summary>
    public static bool CannotKeepIndex(string path) =>
        Look(path) is { } status && (CopiesOnWrite(status) || status.BlockSize < LeastBlock || status.FreeBytes < LeastSpace);

    /// <summary>The bytes that are free on the directory's file system; as many as possible if they are not known.</summary>
    public static long FreeBytes(string path) => Look(path)?.FreeBytes ?? long.MaxValue;

    private static bool CopiesOnWrite(string path) => Look(path) is { } status && CopiesOnWrite(status);

    private static bool CopiesOnWrite(in FileSystemStatus status) => (status.Type & uint.MaxValue) is (Btrfs or Bcachefs or Zfs);

    private static FileSystemStatus? Look(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        using var directory = Open(path);
        return directory is not null && Linux.LookAtFileSystem(directory, out var status) == 0 ? status : null;
    }

    // ZFS cannot. The store works without it while there is space.
    private static void WriteInPlace(string path)
    {
        using var directory = Open(path);
        if (directory is not null)
            _ = Linux.WriteInPlace(directory);
    }

    private static SafeFileHandle? Open(string path)
    {
        if (Linux.Open(path, OpenFlags.Directory, out var directory) == 0)
            return directory;

        directory.Dispose();
        return null;
    }
}
