using System.Diagnostics.Metrics;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>Metrics of a server's current state.</summary>
internal sealed class ServerGauges : IDisposable
{
    private readonly Meter _meter = new(SnapshotterDiagnostics.Name);

    /// <param name="inFlight">Returns the number of running calls, including hanging ones.</param>
    /// <param name="hanging">Returns the number of hanging calls.</param>
    /// <param name="oldestAge">Returns the age of the oldest running call.</param>
    public ServerGauges(Func<int> inFlight, Func<int> hanging, Func<TimeSpan> oldestAge)
    {
        _meter.CreateObservableUpDownCounter("snapshots.calls.in_flight", inFlight, "{call}", "Running calls, including hanging ones.");
        _meter.CreateObservableUpDownCounter("snapshots.calls.hanging", hanging, "{call}", "Calls whose methods still run a second after the call timed out.");
        _meter.CreateObservableGauge("snapshots.calls.oldest_age", () => oldestAge().TotalSeconds, "s", "Age of the oldest running call.");
    }

    /// <summary>Adds the number of open connections, for a server that counts them.</summary>
    public void Observe(Func<int> connections) =>
        _meter.CreateObservableUpDownCounter("snapshots.connections.open", connections, "{connection}", "Open connections.");

    public void Dispose() => _meter.Dispose();
}
