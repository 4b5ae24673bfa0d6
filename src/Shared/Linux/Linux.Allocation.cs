using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Disk space for a file in advance.</content>
internal static partial class Linux
{
    /// <summary>Allocates disk space for a file, up to a length in bytes; a shorter file then has that length, with zeros at its end.</summary>
    public static int Allocate(SafeFileHandle file, long length) => Result(Fallocate(file, 0, 0, length));

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);
}
