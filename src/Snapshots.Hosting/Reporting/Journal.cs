using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>systemd's journal, if it reads what the process writes.</summary>
internal static class Journal
{
    private const int StandardError = 2;

    /// <summary>Whether standard error goes to the journal: it may have been redirected since systemd set the variable.</summary>
    public static bool IsStandardError { get; } = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { } stream && stream == StreamOf(StandardError);

    /// <summary>What the journal expects in front of an error, as in sd-daemon(3); empty if standard error goes elsewhere.</summary>
    public static string ErrorPrefix => IsStandardError ? "<3>" : "";

    // As systemd writes it: DEVICE:INODE.
    private static string? StreamOf(int descriptor)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        return Linux.Look(file, out var status) == 0 ? $"{DeviceOf(status.Identity)}:{status.Identity.Inode}" : null;
    }

    // makedev(3): the device as the C library has it in one number.
    private static ulong DeviceOf(FileIdentity file) =>
        ((file.DeviceMajor & 0xFFFF_F000UL) << 32) | ((file.DeviceMajor & 0xFFFUL) << 8) | ((file.DeviceMinor & 0xFFFF_FF00UL) << 12) | (file.DeviceMinor & 0xFFUL);
}
