using System.Diagnostics.Metrics;
using Containerd.Snapshots.Storage.Content;

namespace Containerd.Snapshots.Storage;

/// <summary>Metrics of the disk and of the snapshots, measured when a listener asks.</summary>
internal sealed class StoredSnapshotterGauges : IDisposable
{
    private readonly Meter _meter = new(SnapshotterDiagnostics.Name);

    public StoredSnapshotterGauges(string root, SnapshotStore store)
    {
        // The content may be on another disk than the store.
        var content = Path.Combine(root, SnapshotName.Snapshots);
        _meter.CreateObservableGauge("snapshots.disk.free", () => FileSystemSpace.Of(content, root).FreeBytes, "By", "Free space on the content's file system.");
        _meter.CreateObservableGauge("snapshots.disk.size", () => FileSystemSpace.Of(content, root).TotalBytes, "By", "Space on the content's file system.");
        _meter.CreateObservableGauge("snapshots.disk.free_inodes", () => FileSystemSpace.Of(content, root).FreeInodes, "{inode}", "Free inodes on the content's file system.");
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
