using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Durability of one file.</content>
internal static partial class Linux
{
    /// <summary>Waits until a file, or a directory with its list of names, is on the disk.</summary>
    public static int Sync(SafeFileHandle file) => Result(Fsync(file));

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);
}
