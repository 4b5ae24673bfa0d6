using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots;

/// <summary>The log lines of calls.</summary>
internal static partial class CallLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} \"{Key}\" -> {Outcome} ({Milliseconds:0.000} ms)")]
    public static partial void Answered(ILogger logger, string method, string key, string outcome, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{Method} \"{Key}\" failed unexpectedly")]
    public static partial void Failed(ILogger logger, string method, string key, Exception exception);
}
