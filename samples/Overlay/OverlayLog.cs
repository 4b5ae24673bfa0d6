using Containerd.Snapshots;
using Microsoft.Extensions.Logging;

namespace Samples.Overlay;

/// <summary>The snapshotter's log messages.</summary>
internal static partial class OverlayLog
{
    [LoggerMessage(1, LogLevel.Error, "The {Kind} snapshot \"{Name}\" has lost its directory \"{Directory}\": it can be removed, but nothing can be mounted from it")]
    public static partial void Lost(ILogger logger, SnapshotKind kind, string name, string directory);

    [LoggerMessage(2, LogLevel.Information, "{Count} snapshots in \"{Root}\"")]
    public static partial void Found(ILogger logger, int count, string root);

    [LoggerMessage(3, LogLevel.Information, "Removed {Count} directories of an earlier run: {Bytes} bytes, {Inodes} inodes")]
    public static partial void Swept(ILogger logger, int count, long bytes, long inodes);

    [LoggerMessage(4, LogLevel.Warning, "Cannot look for directories of an earlier run; the next cleanup tries again")]
    public static partial void CannotSweep(ILogger logger, Exception exception);
}
