using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots;

/// <summary>The log lines of calls: one for each at debug level, and one for what an operator has to know at once.</summary>
internal static partial class CallLog
{
    private const int MaxLength = 256;

    /// <param name="logger">Where to.</param>
    /// <param name="call">A call that is done.</param>
    /// <param name="started">When it began, as a timestamp, or 0 if debug lines are not wanted.</param>
    public static void Answered(ILogger logger, SnapshotCall call, long started)
    {
        if (LevelOf(call) is { } level && logger.IsEnabled(level))
            Failed(logger, level, call.CallName, Printable(call.Subject), Describe(call.Outcome), call.Cause);

        if (started != 0)
            Answered(logger, call.CallName, Printable(call.Subject), Describe(call.Outcome), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>How bad an outcome is; null for a normal one, errors of the caller included.</summary>
    private static LogLevel? LevelOf(SnapshotCall call) => call.Outcome.Error switch
    {
        SnapshotterError.Unknown or SnapshotterError.Internal or SnapshotterError.DataLoss => LogLevel.Error,
        SnapshotterError.ResourceExhausted or SnapshotterError.Unavailable => LogLevel.Warning,
        SnapshotterError.Canceled or SnapshotterError.DeadlineExceeded when !call.IsCanceled => LogLevel.Warning,
        not null when call.Cause is SnapshotterException { InnerException: not null } => LogLevel.Warning,
        _ => null,
    };

    private static string Describe(SnapshotResult outcome) =>
        outcome.Error is { } error ? $"{error}: {Printable(outcome.Message)}" : "OK";

    /// <summary>A peer's text, short enough for a line and harmless to a terminal.</summary>
    public static string Printable(string text)
    {
        if (text.Length > MaxLength)
            text = $"{text.AsSpan(0, MaxLength)}...";

        return text.Any(char.IsControl) ? string.Concat(text.Select(each => char.IsControl(each) ? '\uFFFD' : each)) : text;
    }

    [LoggerMessage(1, LogLevel.Debug, "{Method} \"{Key}\" -> {Outcome} ({Milliseconds:0.000} ms)")]
    private static partial void Answered(ILogger logger, string method, string key, string outcome, double milliseconds);

    [LoggerMessage(EventId = 2, Message = "{Method} \"{Key}\" failed: {Outcome}")]
    private static partial void Failed(ILogger logger, LogLevel level, string method, string key, string outcome, Exception? exception);
}
