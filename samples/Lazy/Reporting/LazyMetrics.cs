using System.Diagnostics.Metrics;
using Containerd.Snapshots;

namespace Samples.Lazy.Reporting;

/// <summary>Metrics of the layers.</summary>
internal static class LazyMetrics
{
    private static readonly Meter Meter = new(SnapshotterDiagnostics.Name);
    private static readonly Counter<long> Layers = Meter.CreateCounter<long>("snapshots.layers", "{layer}", "Layers that containerd asked for, by outcome.");

    public static void Supplied() => Layers.Add(1, new KeyValuePair<string, object?>("outcome", "supplied"));

    public static void NotSupplied() => Layers.Add(1, new KeyValuePair<string, object?>("outcome", "not_supplied"));
}
