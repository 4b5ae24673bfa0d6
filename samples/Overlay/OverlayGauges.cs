using System.Diagnostics.Metrics;
using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;

namespace Samples.Overlay;

/// <summary>Metrics of the disk and of the snapshots, measured when a listener asks.</summary>
public sealed class OverlayGauges : IDisposable
{
    private readonly Meter _meter = new(SnapshotterDiagnostics.Name);

    public OverlayGauges(OverlayDirectories directories, SnapshotStore store)
    {
        _meter.CreateObservableGauge("snapshots.disk.free", () => directories.MeasureSpace().FreeBytes, "By", "Free space on the root's file system.");
        _meter.CreateObservableGauge("snapshots.disk.size", () => directories.MeasureSpace().TotalBytes, "By", "Space on the root's file system.");
        _meter.CreateObservableGauge("snapshots.disk.free_inodes", () => directories.MeasureSpace().FreeInodes, "{inode}", "Free inodes on the root's file system.");
        _meter.CreateObservableGauge("snapshots.count", () => Count(store), "{snapshot}", "Number of snapshots, by kind.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Count(SnapshotStore store) =>
    [
        new(store.Count(SnapshotKind.Active), new KeyValuePair<string, object?>("snapshot.kind", "active")),
        new(store.Count(SnapshotKind.View), new KeyValuePair<string, object?>("snapshot.kind", "view")),
        new(store.Count(SnapshotKind.Committed), new KeyValuePair<string, object?>("snapshot.kind", "committed")),
    ];
}
