using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Loop devices, which make a block device of a file.</content>
internal static partial class Linux
{
    private const ulong GetFreeRequest = 0x4C82, ConfigureRequest = 0x4C0A, SetFileRequest = 0x4C00, SetStatusRequest = 0x4C04, ClearFileRequest = 0x4C01; // LOOP_CTL_GET_FREE, LOOP_CONFIGURE, LOOP_SET_FD, LOOP_SET_STATUS64, LOOP_CLR_FD

    /// <summary>Finds a loop device that is free now; another process may take it before this one.</summary>
    /// <param name="control">The open file <c>/dev/loop-control</c>.</param>
    /// <param name="number">The number of the device <c>/dev/loopN</c>.</param>
    public static int FindFreeLoop(SafeFileHandle control, out int number)
    {
        number = ControlNumber(control, GetFreeRequest, 0);
        return Result(number);
    }

    /// <summary>Connects a loop device with a file (Linux 5.8). <see cref="Errno.Busy"/>: it is in use.</summary>
    public static int ConfigureLoop(SafeFileHandle device, in LoopConfiguration configuration) => Result(ControlLoop(device, ConfigureRequest, configuration));

    /// <summary>Connects a loop device with a file, on kernels of any age. <see cref="Errno.Busy"/>: it is in use.</summary>
    public static int SetLoopFile(SafeFileHandle device, SafeFileHandle file) => Result(ControlFile(device, SetFileRequest, file));

    /// <summary>Sets the flags of a connected loop device.</summary>
    public static int SetLoopStatus(SafeFileHandle device, in LoopStatus status) => Result(ControlStatus(device, SetStatusRequest, status));

    /// <summary>Disconnects a loop device from its file.</summary>
    public static int ClearLoop(SafeFileHandle device) => Result(ControlNumber(device, ClearFileRequest, 0));

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlNumber(SafeFileHandle file, ulong request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlFile(SafeFileHandle file, ulong request, SafeFileHandle argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlLoop(SafeFileHandle file, ulong request, in LoopConfiguration configuration);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlStatus(SafeFileHandle file, ulong request, in LoopStatus status);
}

/// <summary><c>struct loop_info64</c>; what is not named stays zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = 232)]
internal struct LoopStatus
{
    public const uint ReadOnly = 1, ClearsItself = 4, DirectIo = 16; // LO_FLAGS_READ_ONLY, LO_FLAGS_AUTOCLEAR, LO_FLAGS_DIRECT_IO

    [FieldOffset(52)]
    public uint Flags;
}

/// <summary><c>struct loop_config</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 304)]
internal struct LoopConfiguration
{
    [FieldOffset(0)]
    public int File;

    [FieldOffset(4)]
    public uint BlockSize;

    [FieldOffset(8)]
    public LoopStatus Status;
}
