using System.Globalization;
using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Insight;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Systemd;

/// <summary>
/// Tells systemd how the server does, where it is systemd that started it: ready, stopping, and that it is alive, as often
/// as the unit's <c>WatchdogSec=</c> wants to hear it. With too many calls that hang it says so no more, and is started again.
/// </summary>
internal sealed class ServiceManager(RunningCalls calls, ILogger logger) : IDisposable
{
    private const int MicrosecondsInMillisecond = 1000;

    // For what comes after the last call.
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(5);

    private readonly LogBudget _failures = new();
    private string _status = "";
    private bool _wasStuck;

    private readonly SystemdNotifier _notifier = new();
    private Timer? _watchdog;

    public void Ready(string path)
    {
        if (!_notifier.IsEnabled)
            return;

        _status = $"STATUS=Serving on {path}";
        Notify($"READY=1\n{_status}");
        if (WatchdogTime() is { } time)
            _watchdog = new(_ => Ping(), null, TimeSpan.Zero, time / 2);
    }

    /// <param name="drainTime">How long calls may go on; systemd would kill the process sooner.</param>
    public void Stopping(TimeSpan drainTime) => Notify(
        $"STOPPING=1\nSTATUS=Stopping: {calls.Count} calls are to be finished\nEXTEND_TIMEOUT_USEC={(long)(drainTime + Spare).TotalMicroseconds}");

    public void Dispose() => _watchdog?.Dispose();

    private void Ping()
    {
        var isStuck = calls.AreStuck;
        if (isStuck)
            Notify($"STATUS=Stuck: {calls.Hanging} calls hang");
        else
            Notify(_wasStuck ? $"WATCHDOG=1\n{_status}" : "WATCHDOG=1");

        _wasStuck = isStuck;
    }

    private void Notify(string state)
    {
        if (!_notifier.IsEnabled)
            return;

        try
        {
            _notifier.Notify(new(state));
        }
        catch (SocketException exception)
        {
            if (_failures.TryTake(out _))
                HostLog.CannotNotify(logger, exception.Message);
        }
    }

    private static TimeSpan? WatchdogTime()
    {
        if (Environment.GetEnvironmentVariable("WATCHDOG_PID") is { } pid && pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            return null;

        return long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var time) && time >= MicrosecondsInMillisecond
            ? TimeSpan.FromMicroseconds(time)
            : null;
    }
}
