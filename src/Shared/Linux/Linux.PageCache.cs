using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>What the kernel keeps of files in memory.</content>
internal static partial class Linux
{
    private const int NotNeeded = 4; // POSIX_FADV_DONTNEED

    /// <summary>Drops a part of a file from the page cache, as far as it is on the disk.</summary>
    public static int DropPages(SafeFileHandle file, long offset, long length) => Advise(file, offset, length, NotNeeded);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
