using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>What a store does with files besides SQLite.</summary>
internal static class StoreDisk
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates an empty file, or empties it, for its owner only.</summary>
    public static void CreateEmpty(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsLinux())
            options.UnixCreateMode = OwnerOnly;

        new FileStream(path, options).Dispose();
    }

    /// <summary>Opens a file for this process only, and for one object in it; creates it if it is missing.</summary>
    /// <exception cref="IOException">
    /// The file is open elsewhere (<see cref="IsTaken"/>), cannot be opened, or is a link or another user's.
    /// </exception>
    public static IDisposable OpenAlone(string path) => OperatingSystem.IsLinux()
        ? LockFile.Acquire(path, OwnerOnly)
        : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Whether opening a file failed because it is open elsewhere.</summary>
    public static bool IsTaken(IOException exception) => exception.HResult == Errno.TryAgain;

    /// <summary>Whether a file starts with some bytes; false if it is missing.</summary>
    public static bool StartsWith(string path, ReadOnlySpan<byte> bytes)
    {
        if (!File.Exists(path))
            return false;

        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[bytes.Length];
        return file.ReadAtLeast(start, bytes.Length, throwOnEndOfStream: false) == bytes.Length && start.SequenceEqual(bytes);
    }

    /// <summary>Writes zeros to the start of an existing file, onto the disk.</summary>
    public static void ClearStart(string path, int length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(file, new byte[length], 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Waits until a file is on the disk.</summary>
    public static void Sync(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Waits until the list of names in a directory is on the disk, such as that of a file that was renamed into it.</summary>
    public static void SyncDirectory(string path)
    {
        var error = Linux.Open(path, OpenFlags.Directory, out var directory);
        using (directory)
        {
            if (error == 0)
                error = Linux.Sync(directory);
        }

        if (error != 0)
            throw Linux.Failed(error, $"cannot write the directory \"{path}\" to disk");
    }

    /// <summary>Returns a file's length in bytes, or 0 if it does not exist.</summary>
    public static long LengthOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return new FileInfo(path) is { Exists: true } file ? file.Length : 0;

        return Linux.Look(path, LinkHandling.Follow, out var status) == 0 ? status.Length : 0;
    }

    /// <summary>
    /// Allocates disk space for a file up to a length; the file then has that length, with zeros at its end. Does nothing
    /// if the disk has too little space, or the file system cannot allocate space in advance.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The length in bytes.</param>
    /// <param name="written">
    /// Up to which length, in bytes, the zeros are written and not only allocated: the first write to allocated space makes
    /// the next sync take twice as long, since the file system has to record it.
    /// </param>
    /// <exception cref="IOException">The zeros cannot be written.</exception>
    public static void Reserve(string path, long length, long written)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var error = Linux.Open(path, OpenFlags.ReadWrite, out var file);
        using (file)
        {
            if (error == 0)
                Reserve(file, length, written);
        }
    }

    private static void Reserve(SafeFileHandle file, long length, long written)
    {
        var end = RandomAccess.GetLength(file);
        if (end >= length || Linux.Allocate(file, length) != 0)
            return;

        var zeros = new byte[64 * 1024];
        for (; end < written; end += zeros.Length)
            RandomAccess.Write(file, zeros.AsSpan(0, (int)long.Min(zeros.Length, written - end)), end);

        RandomAccess.FlushToDisk(file);
    }
}
