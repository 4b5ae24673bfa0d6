using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Reporting;

/// <summary>systemd's journal, where it reads what the process writes.</summary>
internal static class Journal
{
    private const int StandardError = 2;

    /// <summary>Whether standard error goes there: it may have been sent elsewhere since systemd said so.</summary>
    public static bool IsStandardError { get; } =
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { } stream && Linux.Identify(StandardError) is { } file && stream == $"{file.Device}:{file.Inode}";

    /// <summary>What the journal wants to see in front of an error, as sd-daemon(3) has it; elsewhere nothing.</summary>
    public static string ErrorPrefix => IsStandardError ? "<3>" : "";
}
