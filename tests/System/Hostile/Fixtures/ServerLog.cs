using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>Reads a server's standard error while it runs. Keeps unexpected lines, and counts warnings.</summary>
internal sealed partial class ServerLog
{
    private const int MostKept = 20;

    private readonly Lock _lock = new();
    private readonly List<string> _flaws = [];
    private int _flawCount, _warnings;
    private string _firstWarning = "";

    public ServerLog(StreamReader error) => End = ReadAsync(error);

    /// <summary>Completes at the end of the log, when the process ends.</summary>
    public Task End { get; }

    /// <summary>The number of warnings.</summary>
    public int Warnings
    {
        get
        {
            lock (_lock)
                return _warnings;
        }
    }

    public string FirstWarning
    {
        get
        {
            lock (_lock)
                return _firstWarning;
        }
    }

    /// <summary>
    /// The first lines that no peer may cause: errors, and lines that do not begin like the log's. The latter come from
    /// a crash of .NET, or from a peer's text that breaks out of its line.
    /// </summary>
    public string Flaws
    {
        get
        {
            lock (_lock)
                return _flawCount == 0 ? "" : $"{_flawCount} lines:\n{string.Join('\n', _flaws)}";
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (dbug|info|warn): [A-Za-z.-]+\[\d+\] ")]
    private static partial Regex GoodLine { get; }

    private async Task ReadAsync(StreamReader error)
    {
        await Task.Yield();
        while (await error.ReadLineAsync() is { } line)
            Take(line);
    }

    private void Take(string line)
    {
        var match = GoodLine.Match(line);
        if (match.Success && match.Groups[1].ValueSpan is not "warn")
            return;

        lock (_lock)
        {
            if (match.Success)
            {
                _firstWarning = _warnings++ == 0 ? line : _firstWarning;
                return;
            }

            if (_flawCount++ < MostKept)
                _flaws.Add(line);
        }
    }
}
