using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>The flags that a file system keeps for a file.</content>
internal static partial class Linux
{
    private const ulong GetFlags = 0x80086601, SetFlags = 0x40086602; // FS_IOC_GETFLAGS, FS_IOC_SETFLAGS
    private const long NoCopyOnWrite = 0x800000; // FS_NOCOW_FL

    /// <summary>
    /// Lets new files in a directory be written in place by a file system that copies on write: it needs no space to change
    /// them.
    /// </summary>
    public static int WriteInPlace(SafeFileHandle directory)
    {
        var flags = 0L;
        var error = Result(Control(directory, GetFlags, ref flags));
        if (error != 0)
            return error;

        flags |= NoCopyOnWrite;
        return Result(Control(directory, SetFlags, ref flags));
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, ulong request, ref long flags);
}
