using Containerd.Snapshots;
using Microsoft.Extensions.Logging;

namespace Samples.Lazy.Reporting;

/// <summary>The log lines of the snapshotter.</summary>
internal static partial class LazyLog
{
    [LoggerMessage(1, LogLevel.Warning, "containerd unpacks layer {Layer} of \"{Image}\": {Reason}")]
    public static partial void NotSupplied(ILogger logger, string layer, string image, string reason);

    [LoggerMessage(2, LogLevel.Error, "Layer {Layer} cannot be mounted, and containers on it cannot start: {Reason}")]
    public static partial void CannotMount(ILogger logger, SnapshotDigest layer, string reason);

    [LoggerMessage(3, LogLevel.Error, "Layer {Layer}, which containerd was promised, cannot be supplied: {Reason}")]
    public static partial void Broken(ILogger logger, SnapshotDigest layer, string reason);

    [LoggerMessage(4, LogLevel.Information, "Continuing to fetch {Count} layers that containerd was promised")]
    public static partial void Resumes(ILogger logger, int count);

    [LoggerMessage(5, LogLevel.Warning, "Cannot write the state of layers: {Reason}")]
    public static partial void CannotKeepUp(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Error, "Lazy layer {Layer} is refused, and all reads of its files fail: {Reason}")]
    public static partial void Refused(ILogger logger, SnapshotDigest layer, string reason);

    [LoggerMessage(7, LogLevel.Error, "A read of lazy layer {Layer} failed, at {Offset} of its image: {Reason}")]
    public static partial void ReadFailed(ILogger logger, SnapshotDigest layer, long offset, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Lazy layer {Layer} cannot be opened again: {Reason}")]
    public static partial void CannotOpen(ILogger logger, SnapshotDigest layer, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The mount of lazy layers is not kept while this program does not run: {Reason}")]
    public static partial void NoKeeper(ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Information, "Took over the mount of {Count} lazy layers")]
    public static partial void TookOver(ILogger logger, int count);

    [LoggerMessage(11, LogLevel.Information, "Layer {Layer} is not lazy: {Reason}")]
    public static partial void NotLazy(ILogger logger, SnapshotDigest layer, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Cannot go on to complete lazy layer {Layer}: {Reason}")]
    public static partial void CannotFill(ILogger logger, SnapshotDigest layer, string reason);
}
