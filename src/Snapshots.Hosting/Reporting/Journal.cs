using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>systemd's journal, if this process writes to it.</summary>
internal static class Journal
{
    private const int StandardError = 2;

    /// <summary>Whether standard error goes to the journal. It may have been redirected after systemd set the variable.</summary>
    public static bool IsStandardError { get; } = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { } stream && stream == StreamOf(StandardError);

    /// <summary>The journal's prefix of an error, see sd-daemon(3); empty if standard error goes elsewhere.</summary>
    public static string ErrorPrefix => IsStandardError ? "<3>" : "";

    // In systemd's format: DEVICE:INODE.
    private static string? StreamOf(int descriptor)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        return Linux.Look(file, out var status) == 0 ? $"{DeviceOf(status.Identity)}:{status.Identity.Inode}" : null;
    }

    // makedev(3): the C library's number for a device.
    private static ulong DeviceOf(FileIdentity file) =>
        ((file.DeviceMajor & 0xFFFF_F000UL) << 32) | ((file.DeviceMajor & 0xFFFUL) << 8) | ((file.DeviceMinor & 0xFFFF_FF00UL) << 12) | (file.DeviceMinor & 0xFFUL);
}
