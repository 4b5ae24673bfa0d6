namespace Containerd.Snapshots.Tests.Fixtures;

/// <summary>A snapshotter whose calls run a test's delegates.</summary>
[Snapshotter]
internal sealed partial class Scripted
{
    public Func<string, SnapshotInfo?> OnStat { get; init; } = _ => null;

    public Func<SnapshotInfo, IReadOnlyList<string>, SnapshotInfo> OnUpdate { get; init; } = (info, _) => info;

    public Func<string, SnapshotUsage> OnUsage { get; init; } = _ => SnapshotUsage.None;

    public Func<string, IReadOnlyList<Mount>> OnMounts { get; init; } = _ => [];

    public Func<PrepareArguments, Task<SnapshotResult<IReadOnlyList<Mount>>>> OnPrepare { get; init; } =
        _ => Task.FromResult(SnapshotResult.Of<IReadOnlyList<Mount>>([]));

    public Func<CommitArguments, SnapshotResult> OnCommit { get; init; } = _ => SnapshotResult.Success;

    public Func<string, SnapshotResult> OnRemove { get; init; } = _ => SnapshotResult.Success;

    public Func<CancellationToken, IAsyncEnumerable<SnapshotInfo>> OnWalk { get; init; } = _ => AsyncEnumerable.Empty<SnapshotInfo>();

    public SnapshotInfo? Stat(string key) => OnStat(key);

    public SnapshotInfo Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths) => OnUpdate(info, fieldPaths);

    public SnapshotUsage Usage(string key) => OnUsage(key);

    public IReadOnlyList<Mount> Mounts(string key) => OnMounts(key);

    public Task<SnapshotResult<IReadOnlyList<Mount>>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotContext context, CancellationToken cancellationToken) =>
        OnPrepare(new(key, parent, labels, context, cancellationToken));

    public SnapshotResult Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) =>
        OnCommit(new(name, key, parent, labels));

    public SnapshotResult Remove(string key) => OnRemove(key);

    public IAsyncEnumerable<SnapshotInfo> WalkAsync(CancellationToken cancellationToken) => OnWalk(cancellationToken);
}

internal sealed record PrepareArguments(
    string Key, string Parent, IReadOnlyDictionary<string, string> Labels, SnapshotContext Context, CancellationToken CancellationToken);

internal sealed record CommitArguments(string Name, string Key, string Parent, IReadOnlyDictionary<string, string> Labels);
