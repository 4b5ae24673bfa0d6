using System.Globalization;

namespace Containerd.Snapshots.Tests.NativeAot;

/// <summary>A hundred thousand committed snapshots, each on the one before.</summary>
[Snapshotter]
internal sealed partial class ManySnapshotter
{
    private const int Count = 100_000;

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["containerd.io/snapshot/a"] = "b",
        ["containerd.io/gc.root"] = "x",
    };

    // The snapshot "collections" has the number of garbage collections as its parent's name, "allocated" the number of
    // allocated bytes.
    public SnapshotInfo? Stat(string key) => key switch
    {
        "allocated" => InfoOf(0) with { Name = key, Parent = GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture) },
        "collections" => InfoOf(0) with { Name = key, Parent = GC.CollectionCount(0).ToString(CultureInfo.InvariantCulture) },
        _ => key == NameOf(0) ? InfoOf(0) : null,
    };

    public IEnumerable<SnapshotInfo> Walk() => Enumerable.Range(0, Count).Select(InfoOf);

    private static SnapshotInfo InfoOf(int number) => new()
    {
        Name = NameOf(number),
        Kind = SnapshotKind.Committed,
        Parent = number == 0 ? "" : NameOf(number - 1),
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        Labels = Labels,
    };

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"sha256:{number:d64}");
}
