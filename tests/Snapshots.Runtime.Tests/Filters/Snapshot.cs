namespace Containerd.Snapshots.Tests.Filters;

/// <summary>Snapshots to filter.</summary>
internal static class Snapshot
{
    public static SnapshotInfo Named(string name) => new() { Name = name, Kind = SnapshotKind.Active };

    public static SnapshotInfo OfKind(SnapshotKind kind) => new() { Name = "a", Kind = kind };

    public static SnapshotInfo Labeled(string key, string value) =>
        new() { Name = "a", Kind = SnapshotKind.Active, Labels = new Dictionary<string, string> { [key] = value } };
}
