using System.Diagnostics;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>Allows ten log lines per minute and counts the rest, so that a failure in a loop does not fill the disk.</summary>
internal sealed class LogBudget
{
    private const int Lines = 10;

    private static readonly long Window = Stopwatch.Frequency * 60;

    private readonly Lock _lock = new();
    private long _began;
    private int _used, _leftOut;

    /// <summary>Whether the next line may be logged.</summary>
    /// <param name="leftOut">The end of the line: how many lines were left out before it, or empty.</param>
    public bool TryTake(out string leftOut)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            if (_used == 0 || now - _began > Window)
                (_began, _used) = (now, 0);

            leftOut = "";
            if (_used == Lines)
            {
                _leftOut++;
                return false;
            }

            if (_leftOut > 0)
                leftOut = $" (and {_leftOut} more like this)";

            _leftOut = 0;
            _used++;
            return true;
        }
    }
}
