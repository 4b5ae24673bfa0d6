using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots;

/// <summary>The log lines of calls that take too long.</summary>
internal static partial class LimitLog
{
    [LoggerMessage(30, LogLevel.Warning, "{Method} \"{Key}\" goes on after {Seconds:0.0} s, although its time is up: its caller was answered DeadlineExceeded; {Count} such calls hang now")]
    public static partial void TimeIsUp(ILogger logger, string method, string key, double seconds, int count);

    [LoggerMessage(31, LogLevel.Information, "{Method} \"{Key}\" returned after {Seconds:0.0} s, when nobody waited for it any more")]
    public static partial void CameBack(ILogger logger, string method, string key, double seconds);
}
