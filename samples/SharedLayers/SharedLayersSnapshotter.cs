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
    private readonly string _shared;

    [SnapshotterFallback]
    private readonly StoredSnapshotter _stored;

    public SharedLayersSnapshotter(string root, string shared, ILogger logger)
    {
        _shared = shared;
        _content = OverlayContent.Open(root);
        _stored = StoredSnapshotter.Open(root, _content, logger);
    }

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
