using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The system calls that .NET does not offer.</summary>
internal static partial class Linux
{
    private const int ReadWrite = 2; // O_RDWR
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint Size = 0x200; // STATX_SIZE

    /// <summary>Makes the entries of a directory, such as a file that was renamed into it, survive a power cut.</summary>
    public static void SyncDirectory(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        if (descriptor < 0)
            throw Failed($"Cannot open \"{path}\"");

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fsync(directory) != 0)
            throw Failed($"Cannot write \"{path}\" to disk");
    }

    /// <summary>
    /// Gives a file space on the disk, up to a length: the file then has that length, and zeros at its end. What cannot be had
    /// is left out: the disk is full, or its file system gives no space in advance.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="length">How much space.</param>
    /// <param name="written">
    /// Up to where zeros are written, and not only promised: where space has never been written, each sync also has to note
    /// that now it is, which takes it as long again.
    /// </param>
    /// <exception cref="IOException">The zeros cannot be written.</exception>
    public static void Reserve(string path, long length, long written)
    {
        var descriptor = Open(path, ReadWrite | CloseOnExec);
        if (descriptor < 0)
            return;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var end = RandomAccess.GetLength(file);
        if (end >= length || Allocate(file, 0, 0, length) != 0)
            return;

        var zeros = new byte[64 * 1024];
        for (; end < written; end += zeros.Length)
            RandomAccess.Write(file, zeros.AsSpan(0, (int)long.Min(zeros.Length, written - end)), end);

        RandomAccess.FlushToDisk(file);
    }

    /// <summary>
    /// A file's length, or 0 if there is none. .NET asks for the times too, and those of a file that was asked for them are
    /// written anew with its next change: one more block for each sync, on Linux 6.13 and newer.
    /// </summary>
    public static long LengthOf(string path) => Statx(CurrentDirectory, path, 0, Size, out var status) == 0 ? status.Length : 0;

    private static IOException Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}.", new Win32Exception(error));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    // struct statx, of which no more is asked for.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(40)]
        public readonly long Length;
    }
}
