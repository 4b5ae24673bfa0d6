using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>The log lines about registries.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(10, LogLevel.Warning, "Fetching {What}: {Reason}")]
    public static partial void Failed(ILogger logger, string what, string reason);
}
