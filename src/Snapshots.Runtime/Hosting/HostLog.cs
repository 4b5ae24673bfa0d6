using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

/// <summary>The log lines of a host's life.</summary>
internal static partial class HostLog
{
    [LoggerMessage(10, LogLevel.Information, "{Snapshotter} answers {Calls}")]
    public static partial void Serving(ILogger logger, string snapshotter, string calls);

    [LoggerMessage(11, LogLevel.Information, "Listening on {Path}")]
    public static partial void Listening(ILogger logger, string path);

    [LoggerMessage(12, LogLevel.Information, "Stopped listening on {Path}")]
    public static partial void Stopped(ILogger logger, string path);
}
