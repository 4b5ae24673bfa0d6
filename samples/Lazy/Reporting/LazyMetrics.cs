using System.Diagnostics.Metrics;
using Containerd.Snapshots;

namespace Samples.Lazy.Reporting;

/// <summary>Metrics of the layers.</summary>
internal static class LazyMetrics
{
    private static readonly Meter Meter = new(SnapshotterDiagnostics.Name);
    private static readonly Counter<long> Layers = Meter.CreateCounter<long>("snapshots.layers", "{layer}", "Layers that containerd asked for, by outcome.");

    public static void Supplied() => Layers.Add(1, new KeyValuePair<string, object?>("outcome", "supplied"));

    private static readonly Counter<long> RefusedLayers = Meter.CreateCounter<long>("snapshots.layers.refused", "{layer}", "Lazy layers that were not what their diff IDs say.");

    public static void Refused() => RefusedLayers.Add(1);

    /// <summary>Measures what happens to lazy layers.</summary>
    public static void Observe(Func<LazyTotals> totals)
    {
        Meter.CreateObservableCounter("snapshots.lazy.reads", () => Reads(totals()), "{read}", "Reads of lazy layers, by outcome.");
        Meter.CreateObservableCounter("snapshots.lazy.fetched", () => Fetched(totals()), "By", "Verified bytes that were fetched, by cause.");
        Meter.CreateObservableCounter("snapshots.lazy.waited", () => totals().WaitedBytes, "By", "Bytes that readers had to wait for.");
        Meter.CreateObservableCounter("snapshots.lazy.waiting_time", () => totals().WaitedTime.TotalSeconds, "s", "How long readers waited, in total.");
        Meter.CreateObservableCounter("snapshots.lazy.wrong_chunks", () => totals().WrongChunks, "{chunk}", "Chunks that had the wrong digest, and were not shown.");
        Meter.CreateObservableCounter("snapshots.lazy.unstored_chunks", () => totals().UnstoredChunks, "{chunk}", "Chunks that there was no space for.");
    }

    private static IEnumerable<Measurement<long>> Reads(LazyTotals totals) =>
    [
        Of(totals.Hits, "outcome", "hit"), Of(totals.Waits, "outcome", "waited"), Of(totals.FailedReads, "outcome", "failed"),
    ];

    private static IEnumerable<Measurement<long>> Fetched(LazyTotals totals) =>
    [
        Of(totals.ReadBytes, "cause", "read"), Of(totals.AheadBytes, "cause", "ahead"), Of(totals.BackgroundBytes, "cause", "background"),
    ];

    private static Measurement<long> Of(long value, string tag, string name) => new(value, new KeyValuePair<string, object?>(tag, name));

    public static void NotSupplied() => Layers.Add(1, new KeyValuePair<string, object?>("outcome", "not_supplied"));
}
