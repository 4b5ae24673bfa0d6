using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Locks, which the kernel releases when the process ends.</content>
internal static partial class Linux
{
    private const int Exclusive = 2, DoNotWait = 4; // LOCK_EX, LOCK_NB

    /// <summary>Locks an open file or directory. <see cref="Errno.TryAgain"/>: another handle has locked it.</summary>
    public static int TryLock(SafeFileHandle file) => Result(Flock(file, Exclusive | DoNotWait));

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
