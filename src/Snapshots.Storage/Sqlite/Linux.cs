using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The system calls that .NET does not offer.</summary>
internal static partial class Linux
{
    private const int DirectoryOnly = 0x10000, CloseOnExec = 0x80000; // O_DIRECTORY, O_CLOEXEC

    /// <summary>Makes the entries of a directory, such as a file that was renamed into it, survive a power cut.</summary>
    public static void SyncDirectory(string path)
    {
        var descriptor = Open(path, DirectoryOnly | CloseOnExec);
        if (descriptor < 0)
            throw Failed($"Cannot open \"{path}\"");

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fsync(directory) != 0)
            throw Failed($"Cannot write \"{path}\" to disk");
    }

    /// <summary>Writes a file's data to disk, with its length and not with its times; returns whether it could.</summary>
    public static bool SyncData(int file) => Fdatasync(file) == 0;

    private static IOException Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}.", new Win32Exception(error));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fdatasync")]
    private static partial int Fdatasync(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);
}
