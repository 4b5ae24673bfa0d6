using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The system calls that .NET does not offer.</summary>
internal static partial class Linux
{
    private const int ReadWrite = 2; // O_RDWR
    private const int CloseOnExec = 0x80000; // O_CLOEXEC

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
    /// Gives a file space on the disk, up to a length; the file then has that length, and zeros at its end. What cannot be
    /// had is left out: the disk is full, or its file system gives no space in advance.
    /// </summary>
    public static void Reserve(string path, long length)
    {
        var descriptor = Open(path, ReadWrite | CloseOnExec);
        if (descriptor < 0)
            return;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = Allocate(file, 0, 0, length);
    }

    private static IOException Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}.", new Win32Exception(error));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);
}
