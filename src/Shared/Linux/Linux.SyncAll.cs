using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Durability of a whole file system.</content>
internal static partial class Linux
{
    /// <summary>Waits until everything on the file system of a file is on the disk.</summary>
    public static int SyncFileSystem(SafeFileHandle file) => Result(Syncfs(file));

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int Syncfs(SafeFileHandle file);
}
