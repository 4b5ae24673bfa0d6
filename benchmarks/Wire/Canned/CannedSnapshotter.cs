using System.Globalization;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>Answers without any work, so that only the way from the socket to the class and back is measured.</summary>
[Snapshotter]
internal sealed partial class CannedSnapshotter(int count)
{
    private const string TakenKey = "exists";

    // .NET counts times in units of 100 ns.
    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddTicks(5);

    private static readonly SnapshotInfo Committed = new()
    {
        Name = "",
        Kind = SnapshotKind.Committed,
        Parent = "p",
        CreatedAt = Created,
        UpdatedAt = Created.AddSeconds(1),
        Labels = new Dictionary<string, string> { ["containerd.io/snapshot/a"] = "b", ["containerd.io/gc.root"] = "x" },
    };

    private static readonly IReadOnlyList<Mount> Overlay =
    [
        Mount.Overlay(
            "/var/lib/x/snapshots/12/fs",
            "/var/lib/x/snapshots/12/work",
            ["/var/lib/x/snapshots/11/fs", "/var/lib/x/snapshots/10/fs"],
            "index=off"),
    ];

    private static readonly SnapshotUsage Used = new(4096, 10);

    private readonly SnapshotInfo[] _infos = [.. Enumerable.Range(0, count).Select(InfoOf)];

    public SnapshotInfo Stat(string key) => Committed with { Name = key };

    public SnapshotResult<IReadOnlyList<Mount>> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) =>
        key == TakenKey ? SnapshotResult.AlreadyExists(key) : SnapshotResult.Of(Overlay);

    public IReadOnlyList<Mount> View(string key, string parent, IReadOnlyDictionary<string, string> labels) => Overlay;

    public IReadOnlyList<Mount> Mounts(string key) => Overlay;

    // The benchmark does not call these two, but a snapshotter must have them.
    public void Commit(string name, string key, IReadOnlyDictionary<string, string> labels)
    {
    }

    public void Remove(string key)
    {
    }

    public SnapshotUsage Usage(string key) => Used;

    public IEnumerable<SnapshotInfo> Walk() => _infos;

    private static SnapshotInfo InfoOf(int number) =>
        Committed with { Name = NameOf(number), Parent = number == 0 ? "" : NameOf(number - 1) };

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"sha256:{number:d64}");
}
