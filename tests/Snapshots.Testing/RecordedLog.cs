using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests;

/// <summary>Keeps all log entries of all categories and levels. Any thread may log.</summary>
public sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<(string Text, TaskCompletionSource<LogEntry> Found)> _waiting = [];

    /// <summary>A copy of the entries so far.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    /// <summary>The entries so far, one a line, each as <c>LEVEL MESSAGE</c>.</summary>
    public string Text => string.Join('\n', Entries);

    public void Clear()
    {
        lock (_lock)
            _entries.Clear();
    }

    /// <summary>Waits for an entry whose <c>LEVEL MESSAGE</c> contains a text, unless there is one already; fails after 30 seconds.</summary>
    public async Task<LogEntry> WaitForAsync(string text)
    {
        try
        {
            return await Eventually.Within(FindAsync(text));
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"No log entry contains \"{text}\". All entries:\n{Text}");
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var entry = new LogEntry(logLevel, formatter(state, exception), exception);
        lock (_lock)
        {
            _entries.Add(entry);
            foreach (var (text, found) in _waiting)
            {
                if (entry.Contains(text))
                    found.TrySetResult(entry);
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Dispose()
    {
    }

    private Task<LogEntry> FindAsync(string text)
    {
        lock (_lock)
        {
            if (_entries.Find(entry => entry.Contains(text)) is { } entry)
                return Task.FromResult(entry);

            // What awaits it must not run in the thread that logs.
            var found = new TaskCompletionSource<LogEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, found));
            return found.Task;
        }
    }
}

/// <summary>An entry of a log.</summary>
public sealed record LogEntry(LogLevel Level, string Message, Exception? Exception)
{
    internal bool Contains(string text) => ToString().Contains(text, StringComparison.Ordinal);

    public override string ToString() => $"{Level} {Message}";
}
