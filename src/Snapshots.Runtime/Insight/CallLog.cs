using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>The log lines of calls: one for each at debug level, and one for what an operator has to know at once.</summary>
internal sealed partial class CallLog(ILoggerFactory loggers)
{
    private const int MaxLength = 256, MaxCauseLength = 2048;

    private readonly ILogger _logger = loggers.CreateLogger<CallLog>();

    // One for each call and error, of which there are few.
    private readonly ConcurrentDictionary<(string Call, SnapshotterError Error), LogBudget> _budgets = new();
    private readonly LogBudget _limited = new(), _hanging = new(), _returned = new();

    /// <summary>Tells of a call that is done.</summary>
    public void Answered(IObservedCall call)
    {
        if (LevelOf(call) is { } level && _logger.IsEnabled(level))
            Failed(call, level, call.Outcome.Error!.Value);

        if (_logger.IsEnabled(LogLevel.Debug))
            Answered(call.CallName, Printable(call.Subject), Describe(call.Outcome), Stopwatch.GetElapsedTime(call.Started).TotalMilliseconds);
    }

    /// <summary>A call was ended by the server's own limit, of which its caller may know nothing.</summary>
    /// <param name="call">The call.</param>
    /// <param name="limit">Which limit, and how to change it.</param>
    public void Limited(IObservedCall call, string limit)
    {
        if (_limited.TryTake(out var leftOut))
            Limited(call.CallName, Printable(call.Subject), limit, leftOut);
    }

    /// <summary>Tells of a method that goes on although its time is up and its token canceled.</summary>
    /// <param name="call">The call.</param>
    /// <param name="count">How many there are of the kind.</param>
    public void Hangs(IObservedCall call, int count)
    {
        if (_hanging.TryTake(out var leftOut))
            Hangs(call.CallName, Printable(call.Subject), Stopwatch.GetElapsedTime(call.Started).TotalSeconds, count, leftOut);
    }

    /// <summary>Tells of the return of a method that hung.</summary>
    public void CameBack(IObservedCall call)
    {
        if (_returned.TryTake(out var leftOut))
            CameBack(call.CallName, Printable(call.Subject), Stopwatch.GetElapsedTime(call.Started).TotalSeconds, leftOut);
    }

    private void Failed(IObservedCall call, LogLevel level, SnapshotterError error)
    {
        var budget = _budgets.GetOrAdd((call.CallName, error), static _ => new());
        if (!budget.TryTake(out var leftOut))
            return;

        // What is no bug, such as a full disk, needs no trace.
        var hasTrace = level == LogLevel.Error || _logger.IsEnabled(LogLevel.Debug);
        Failed(level, call.CallName, Printable(call.Subject), Describe(call.Outcome) + (hasTrace ? "" : Reason(call)), leftOut, hasTrace ? Printable(call.Cause) : null);
    }

    // What lies behind an error, where its message does not say so already.
    private static string Reason(IObservedCall call) =>
        call.Cause?.InnerException is { } inner && !call.Outcome.Message.Contains(inner.Message, StringComparison.Ordinal) ? $": {Printable(inner.Message)}" : "";

    // An exception that quotes at length what a peer has sent is not logged; its message is, as far as it is fit to be.
    private static Exception? Printable(Exception? cause)
    {
        for (var each = cause; each is not null; each = each.InnerException)
        {
            if (each.Message.Length > MaxCauseLength || each.Message.Any(static character => char.IsControl(character) && character != '\n'))
                return null;
        }

        return cause;
    }

    /// <summary>How bad an outcome is; null for a normal one, errors of the caller included.</summary>
    private static LogLevel? LevelOf(IObservedCall call) => call.Outcome.Error switch
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
    private static string Printable(string text)
    {
        if (text.Length > MaxLength)
            text = $"{text.AsSpan(0, MaxLength)}...";

        return text.Any(char.IsControl) ? string.Concat(text.Select(each => char.IsControl(each) ? '\uFFFD' : each)) : text;
    }

    [LoggerMessage(1, LogLevel.Debug, "{Method} \"{Key}\" -> {Outcome} ({Milliseconds:0.000} ms)")]
    private partial void Answered(string method, string key, string outcome, double milliseconds);

    [LoggerMessage(EventId = 2, Message = "{Method} \"{Key}\" failed: {Outcome}{LeftOut}")]
    private partial void Failed(LogLevel level, string method, string key, string outcome, string leftOut, Exception? exception);

    [LoggerMessage(3, LogLevel.Warning, "{Method} \"{Key}\" goes on after {Seconds:0.0} s, although its time is up: its caller was answered DeadlineExceeded; {Count} such calls hang now{LeftOut}")]
    private partial void Hangs(string method, string key, double seconds, int count, string leftOut);

    [LoggerMessage(4, LogLevel.Information, "{Method} \"{Key}\" returned after {Seconds:0.0} s, when nobody waited for it any more{LeftOut}")]
    private partial void CameBack(string method, string key, double seconds, string leftOut);

    [LoggerMessage(5, LogLevel.Warning, "{Method} \"{Key}\" was answered with DeadlineExceeded: {Limit}{LeftOut}")]
    private partial void Limited(string method, string key, string limit, string leftOut);
}
