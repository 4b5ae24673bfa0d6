using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Overlay;

/// <summary>
/// The overlay snapshotter for production. ROOT/store/metadata.db has the records of the snapshots, ROOT/snapshots/NUMBER their
/// files. All calls are those of the library.
/// </summary>
[Snapshotter]
public sealed partial class OverlaySnapshotter(string root, OverlayOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly StoredSnapshotter _stored = StoredSnapshotter.Open(root, OverlayContent.Open(root, options), logger);

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
