using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage.Sweeping;

/// <summary>The log lines of a sweeper.</summary>
internal static partial class SweepLog
{
    [LoggerMessage(101, LogLevel.Debug, "Removed the content of snapshot number {Number}: {Bytes} bytes, {Inodes} inodes")]
    public static partial void Removed(ILogger logger, long number, long bytes, long inodes);

    [LoggerMessage(102, LogLevel.Warning, "Cannot remove all content of snapshot number {Number}; each cleanup tries again. Entries left: {Count}; the first is {First}")]
    public static partial void Left(ILogger logger, long number, long count, RemovalFailure? first);

    [LoggerMessage(103, LogLevel.Error, "Cannot tell whether the content of snapshot number {Number} is garbage, or cannot remove it; the next cleanup tries again")]
    public static partial void Failed(ILogger logger, long number, Exception exception);

    [LoggerMessage(104, LogLevel.Warning, "\"{Name}\" beside the content of snapshots is not a snapshot's, and stays")]
    public static partial void Foreign(ILogger logger, string name);

    [LoggerMessage(105, LogLevel.Warning, "Cannot make the removal of {Count} snapshots durable, so their content stays; the next cleanup tries again")]
    public static partial void CannotSync(ILogger logger, int count, Exception exception);

    [LoggerMessage(106, LogLevel.Warning, "Cannot remove the content of removed snapshots now, so it stays; each cleanup tries again: {Reason}")]
    public static partial void Unreachable(ILogger logger, string reason);
}
