using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Containerd.Snapshots.Hosting;

/// <summary>
/// Tells systemd how the server does, where it is systemd that started it: ready, stopping, and that it is alive, as often
/// as the unit's <c>WatchdogSec=</c> wants to hear it. With too many calls that hang it says so no more, and is started again.
/// </summary>
internal sealed class ServiceManager(RunningCalls calls) : IDisposable
{
    private const int MicrosecondsInMillisecond = 1000;

    private readonly SystemdNotifier _notifier = new();
    private Timer? _watchdog;

    public void Ready(string path)
    {
        if (!_notifier.IsEnabled)
            return;

        Notify($"READY=1\nSTATUS=Serving on {path}");
        if (WatchdogTime() is { } time)
            _watchdog = new(_ => Ping(), null, TimeSpan.Zero, time / 2);
    }

    public void Stopping() => Notify($"STOPPING=1\nSTATUS=Stopping: {calls.Count} calls are to be finished");

    public void Dispose() => _watchdog?.Dispose();

    private void Ping()
    {
        if (calls.AreStuck)
            Notify($"STATUS=Stuck: {calls.Detached} calls hang");
        else
            Notify("WATCHDOG=1");
    }

    private void Notify(string state)
    {
        if (_notifier.IsEnabled)
            _notifier.Notify(new(state));
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
