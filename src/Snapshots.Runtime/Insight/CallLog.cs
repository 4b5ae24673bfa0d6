using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>Logs calls: each at debug level, its labels at trace level, and problems for the operator at higher levels.</summary>
internal sealed partial class CallLog(ILoggerFactory loggers)
{
    private const int MaxLength = 256, MaxCauseLength = 2048, MaxLabels = 64;

    private readonly ILogger _logger = loggers.CreateLogger<CallLog>();

    // One for each pair of call and error; there are few.
    private readonly ConcurrentDictionary<(string Call, SnapshotterError Error), LogBudget> _budgets = new();
    private readonly LogBudget _limited = new(), _hanging = new(), _returned = new();

    /// <summary>Logs a completed call.</summary>
    public void Answered(IObservedCall call)
    {
        if (LevelOf(call) is { } level && _logger.IsEnabled(level))
            Failed(call, level, call.Outcome.Error!.Value);

        if (_logger.IsEnabled(LogLevel.Debug))
            Answered(call, Describe(call.Outcome), Stopwatch.GetElapsedTime(call.Started).TotalMilliseconds);

        if (_logger.IsEnabled(LogLevel.Trace) && call.Labels.Count > 0)
            Labeled(call.CallName, Printable(call.Subject), Describe(call.Labels));
    }

    /// <summary>Logs a call that the server's limit ended. Its caller may not know that limit.</summary>
    /// <param name="call">The call.</param>
    /// <param name="limit">Which limit, and how to change it.</param>
    public void Limited(IObservedCall call, string limit)
    {
        if (_limited.TryTake(out var leftOut))
            Limited(call.CallName, Printable(call.Subject), limit, leftOut);
    }

    /// <summary>Logs a method that still runs after its call timed out and its token was canceled.</summary>
    /// <param name="call">The call.</param>
    /// <param name="count">The number of calls that hang now.</param>
    public void Hangs(IObservedCall call, int count)
    {
        if (_hanging.TryTake(out var leftOut))
            Hangs(call.CallName, Printable(call.Subject), Stopwatch.GetElapsedTime(call.Started).TotalSeconds, count, leftOut);
    }

    /// <summary>Logs the return of a method that hung.</summary>
    public void Returned(IObservedCall call)
    {
        if (_returned.TryTake(out var leftOut))
            Returned(call.CallName, Printable(call.Subject), Stopwatch.GetElapsedTime(call.Started).TotalSeconds, leftOut);
    }

    private void Answered(IObservedCall call, string outcome, double milliseconds)
    {
        if (call.Parent.Length > 0)
            AnsweredOnParent(call.CallName, Printable(call.Subject), Printable(call.Parent), outcome, milliseconds);
        else
            Answered(call.CallName, Printable(call.Subject), outcome, milliseconds);
    }

    private void Failed(IObservedCall call, LogLevel level, SnapshotterError error)
    {
        var budget = _budgets.GetOrAdd((call.CallName, error), static _ => new());
        if (!budget.TryTake(out var leftOut))
            return;

        // A failure that is not a bug, such as a full disk, needs no stack trace.
        var hasTrace = level == LogLevel.Error || _logger.IsEnabled(LogLevel.Debug);
        Failed(level, call.CallName, Printable(call.Subject), Describe(call.Outcome) + (hasTrace ? "" : Reason(call)), leftOut, hasTrace ? Printable(call.Cause) : null);
    }

    // The message of the inner exception, unless the error's message contains it.
    private static string Reason(IObservedCall call) =>
        call.Cause?.InnerException is { } inner && !call.Outcome.Message.Contains(inner.Message, StringComparison.Ordinal) ? $": {Printable(inner.Message)}" : "";

    // An exception is omitted if a message in it is long or has control characters, which may come from a peer. The log line
    // still has the cleaned message.
    private static Exception? Printable(Exception? cause)
    {
        for (var each = cause; each is not null; each = each.InnerException)
        {
            if (each.Message.Length > MaxCauseLength || each.Message.Any(static character => char.IsControl(character) && character != '\n'))
                return null;
        }

        return cause;
    }

    /// <summary>The log level of an outcome; null for a normal outcome or the caller's error.</summary>
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

    private static string Describe(IReadOnlyDictionary<string, string> labels) => string.Join(
        ", ",
        labels.Take(MaxLabels).Select(static label => Printable($"{label.Key}={label.Value}")).Concat(labels.Count > MaxLabels ? ["..."] : []));

    /// <summary>A peer's text, shortened and without control characters.</summary>
    private static string Printable(string text)
    {
        if (text.Length > MaxLength)
            text = $"{text.AsSpan(0, MaxLength)}...";

        return text.Any(char.IsControl) ? string.Concat(text.Select(each => char.IsControl(each) ? '\uFFFD' : each)) : text;
    }

    [LoggerMessage(1, LogLevel.Debug, "{Method} \"{Key}\" -> {Outcome} ({Milliseconds:0.000} ms)")]
    private partial void Answered(string method, string key, string outcome, double milliseconds);

    [LoggerMessage(6, LogLevel.Debug, "{Method} \"{Key}\" on \"{Parent}\" -> {Outcome} ({Milliseconds:0.000} ms)")]
    private partial void AnsweredOnParent(string method, string key, string parent, string outcome, double milliseconds);

    [LoggerMessage(7, LogLevel.Trace, "{Method} \"{Key}\" has the labels {Labels}")]
    private partial void Labeled(string method, string key, string labels);

    [LoggerMessage(EventId = 2, Message = "{Method} \"{Key}\" failed: {Outcome}{LeftOut}")]
    private partial void Failed(LogLevel level, string method, string key, string outcome, string leftOut, Exception? exception);

    [LoggerMessage(3, LogLevel.Warning, "{Method} \"{Key}\" still runs after {Seconds:0.0} s, although its token is canceled: its caller received DeadlineExceeded; {Count} calls hang now{LeftOut}")]
    private partial void Hangs(string method, string key, double seconds, int count, string leftOut);

    [LoggerMessage(4, LogLevel.Information, "{Method} \"{Key}\" returned after {Seconds:0.0} s: its caller had already received DeadlineExceeded{LeftOut}")]
    private partial void Returned(string method, string key, double seconds, string leftOut);

    [LoggerMessage(5, LogLevel.Warning, "{Method} \"{Key}\" was answered with DeadlineExceeded: {Limit}{LeftOut}")]
    private partial void Limited(string method, string key, string limit, string leftOut);
}
