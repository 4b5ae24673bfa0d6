using System.Diagnostics;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>Lets ten lines of a kind through a minute, and counts those that it keeps back: what fails in a loop must not fill the disk.</summary>
internal sealed class LogBudget
{
    private const int Lines = 10;

    private static readonly long Window = Stopwatch.Frequency * 60;

    private readonly Lock _lock = new();
    private long _began;
    private int _used, _leftOut;

    /// <summary>Asks for a line.</summary>
    /// <param name="leftOut">What ends the line: how many were kept back before it, or nothing.</param>
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
