using System.Diagnostics.Metrics;

namespace Containerd.Snapshots.Runtime.Insight;

/// <summary>What instruments read off a server when they look: what goes on in it now.</summary>
internal sealed class ServerGauges : IDisposable
{
    private readonly Meter _meter = new(SnapshotterDiagnostics.Name);

    /// <param name="inFlight">How many calls are in flight, hanging ones included.</param>
    /// <param name="hanging">How many of them hang.</param>
    /// <param name="oldestAge">How long the oldest has taken so far.</param>
    public ServerGauges(Func<int> inFlight, Func<int> hanging, Func<TimeSpan> oldestAge)
    {
        _meter.CreateObservableUpDownCounter("snapshots.calls.in_flight", inFlight, "{call}", "Calls that are on their way, those that hang included.");
        _meter.CreateObservableUpDownCounter("snapshots.calls.hanging", hanging, "{call}", "Calls whose methods go on a second after their time was up.");
        _meter.CreateObservableGauge("snapshots.calls.oldest_age", () => oldestAge().TotalSeconds, "s", "How long the oldest call has taken so far.");
    }

    /// <summary>Counts connections too, where the server knows of them.</summary>
    public void Observe(Func<int> connections) =>
        _meter.CreateObservableUpDownCounter("snapshots.connections.open", connections, "{connection}", "Connections that are open.");

    public void Dispose() => _meter.Dispose();
}
