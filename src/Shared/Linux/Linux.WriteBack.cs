using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Writes the pages of a file to the disk early.</content>
internal static partial class Linux
{
    private const uint Write = 2; // SYNC_FILE_RANGE_WRITE

    /// <summary>Begins to write a part of a file to the disk. That it is there, only syncing can say.</summary>
    public static int BeginWriting(SafeFileHandle file, long offset, long length) => Result(SyncFileRange(file, offset, length, Write));

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
