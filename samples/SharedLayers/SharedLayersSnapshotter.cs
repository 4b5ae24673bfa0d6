using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.SharedLayers;

/// <summary>
/// An overlay snapshotter that uses layers which are unpacked already in a directory that many machines share:
/// SHARED/sha256/HEX, by the layer's digest or its diff ID. containerd unpacks all other layers as usual.
/// </summary>
[Snapshotter]
public sealed partial class SharedLayersSnapshotter : IAsyncDisposable
{
    private readonly OverlayContent _content;
    private readonly StoredSnapshotter _stored;
    private readonly string _shared;

    public SharedLayersSnapshotter(string root, string shared, ILogger logger)
    {
        _shared = shared;
        _content = OverlayContent.Open(root);
        _stored = StoredSnapshotter.Open(root, _content, logger);
    }

    public SnapshotInfo? Stat(string key) => _stored.Stat(key);

    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken) =>
        _stored.UpdateAsync(info, fieldPaths, cancellationToken);

    public ValueTask<SnapshotUsage?> UsageAsync(string key, CancellationToken cancellationToken) => _stored.UsageAsync(key, cancellationToken);

    public IReadOnlyList<Mount>? Mounts(string key) => _stored.Mounts(key);

    // A layer on the share is committed at once. containerd finds it there, and neither downloads nor unpacks it.
    public async Task<SnapshotResult<IReadOnlyList<Mount>>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (await FindAsync(labels) is { } layer && await _stored.CommitRemoteAsync(key, parent, labels, LinkAsync, cancellationToken))
            return SnapshotResult.AlreadyExists(labels[SnapshotLabels.SnapshotRef]);

        return SnapshotResult.Of(await _stored.PrepareAsync(key, parent, labels, cancellationToken));

        async ValueTask LinkAsync(StoredSnapshot snapshot, CancellationToken token) =>
            await _content.Directories.MakeLinkAsync(snapshot.Number, layer, token);
    }

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

    private async Task<string?> FindAsync(IReadOnlyDictionary<string, string> labels)
    {
        var layers = new[] { SnapshotLabels.LayerDigest, SnapshotLabels.DiffId }
            .Select(label => SnapshotDigest.TryParse(labels.GetValueOrDefault(label), out var digest) ? Path.Combine(_shared, digest.Algorithm, digest.Hex) : null);
        var found = Task.Run(() => layers.FirstOrDefault(Directory.Exists));

        // containerd holds a lock meanwhile. Without the share, it downloads the layer.
        return await Task.WhenAny(found, Task.Delay(TimeSpan.FromSeconds(2))) == found ? await found : null;
    }
}
