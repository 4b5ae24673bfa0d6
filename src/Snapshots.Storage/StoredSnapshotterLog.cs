using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage;

/// <summary>The log lines of a snapshotter with a store.</summary>
internal static partial class StoredSnapshotterLog
{
    [LoggerMessage(1, LogLevel.Error, "The {Kind} snapshot \"{Name}\", number {Number}, has lost its content: it can be removed, but nothing can be mounted from it")]
    public static partial void Lost(ILogger logger, SnapshotKind kind, string name, long number);

    [LoggerMessage(2, LogLevel.Information, "{Count} snapshots in \"{Root}\"")]
    public static partial void Found(ILogger logger, int count, string root);

    [LoggerMessage(3, LogLevel.Information, "Removed the content of {Count} snapshots of an earlier run: {Bytes} bytes, {Inodes} inodes")]
    public static partial void Swept(ILogger logger, int count, long bytes, long inodes);

    [LoggerMessage(4, LogLevel.Warning, "Cannot look for content of an earlier run; the next cleanup tries again")]
    public static partial void CannotSweep(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Cannot remove the content of snapshot number {Number}, which could not be made or stored; it is removed later")]
    public static partial void CannotDiscard(ILogger logger, long number, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Cannot look for snapshots that have lost their content; the next start tries again")]
    public static partial void CannotLookForLost(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Cannot tell whether snapshot number {Number} has lost its content")]
    public static partial void CannotLook(ILogger logger, long number, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "{Finding}")]
    public static partial void Doubtful(ILogger logger, SnapshotterCheckResult finding);
}
