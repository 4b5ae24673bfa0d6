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
}
