using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Messages of a device that is read and written without waiting, and the waiting for them.</content>
internal static partial class Linux
{
    private const int GetStatusFlags = 3, SetStatusFlags = 4; // F_GETFL, F_SETFL
    private const int EventCloseOnExec = 0x80000; // EFD_CLOEXEC
    private const short Readable = 1; // POLLIN

    /// <summary>Reads one message. <see cref="Errno.TryAgain"/>: there is none now.</summary>
    public static int ReadMessage(SafeFileHandle device, Span<byte> buffer, out int length)
    {
        length = (int)ReadDevice(device, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        return Result(length);
    }

    /// <summary>Writes one message.</summary>
    public static int WriteMessage(SafeFileHandle device, ReadOnlySpan<byte> message) =>
        Result((int)WriteDevice(device, ref MemoryMarshal.GetReference(message), message.Length));

    /// <summary>Lets reads of a file, and of all descriptors that share it, return at once.</summary>
    public static int StopWaiting(SafeFileHandle file)
    {
        var flags = Control(file, GetStatusFlags, 0);
        return flags < 0 ? Result(flags) : Result(Control(file, SetStatusFlags, flags | OpenFlags.DoNotWait));
    }

    /// <summary>Makes a descriptor that is readable once something was written to it.</summary>
    public static int OpenEvent(out SafeFileHandle file) => Opened(EventDescriptor(0, EventCloseOnExec), out file);

    /// <summary>Waits without limit until one of two files is readable, or has failed.</summary>
    public static int WaitForEither(SafeFileHandle first, SafeFileHandle second)
    {
        Span<PollEntry> entries =
        [
            new() { Descriptor = (int)first.DangerousGetHandle(), Events = Readable },
            new() { Descriptor = (int)second.DangerousGetHandle(), Events = Readable },
        ];
        return Result(Poll(ref MemoryMarshal.GetReference(entries), 2, -1));
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadDevice(SafeFileHandle device, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteDevice(SafeFileHandle device, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events, Returned;
    }
}
