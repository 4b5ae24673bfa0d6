using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>The calling thread.</content>
internal static partial class Linux
{
    private const int CallingThread = 0; // PRIO_PROCESS, which on Linux means a thread; id 0 is the caller.

    /// <summary>Lets other threads run first from now on, if the kernel allows it.</summary>
    public static void LowerThreadPriority() => SetPriority(CallingThread, 0, 10);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint id, int priority);
}
