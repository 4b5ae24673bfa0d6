using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>The status of a file, which <c>Linux.Files</c> and <c>Linux.Paths</c> ask for.</content>
internal static partial class Linux
{
    private const int NoFollow = 0x100, NoAutomount = 0x800, EmptyName = 0x1000; // AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH

    private static int Look(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, out FileStatus status) =>
        Result(Statx(directory, name, flags, FileStatus.Wanted, out status));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mask, out FileStatus status);
}
