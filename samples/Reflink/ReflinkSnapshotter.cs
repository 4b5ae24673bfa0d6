using Containerd.Snapshots;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Reflink;

/// <summary>
/// A snapshotter of whole directories: a snapshot begins as a copy of its parent, which takes no space and little time on xfs
/// with reflink and on btrfs. Containers see an ordinary directory, without an overlay. All calls are those of the library.
/// </summary>
[Snapshotter]
public sealed partial class ReflinkSnapshotter(string root, ILogger logger) : IAsyncDisposable
{
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, SnapshotDirectories.Open(root), logger);

    public SnapshotInfo? Stat(string key) => _stored.Stat(key);

    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken) =>
        _stored.UpdateAsync(info, fieldPaths, cancellationToken);

    public ValueTask<SnapshotUsage?> UsageAsync(string key, CancellationToken cancellationToken) => _stored.UsageAsync(key, cancellationToken);

    public IReadOnlyList<Mount>? Mounts(string key) => _stored.Mounts(key);

    public Task<IReadOnlyList<Mount>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _stored.PrepareAsync(key, parent, labels, cancellationToken);

    public Task<IReadOnlyList<Mount>> ViewAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _stored.ViewAsync(key, parent, labels, cancellationToken);

    public Task CommitAsync(
        string name, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _stored.CommitAsync(name, key, parent, labels, cancellationToken);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => _stored.RemoveAsync(key, cancellationToken);

    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => _stored.Walk(filter);

    public Task CleanupAsync(CancellationToken cancellationToken) => _stored.CleanupAsync(cancellationToken);

    public ValueTask DisposeAsync() => _stored.DisposeAsync();
}
