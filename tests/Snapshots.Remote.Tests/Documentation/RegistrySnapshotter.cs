using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Remote;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

[Snapshotter]
public sealed partial class RegistrySnapshotter : IAsyncDisposable
{
    private const long MaxSize = 16 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly OverlayContent _content;
    private readonly RegistryClient _registry;
    private readonly Func<Stream, string, CancellationToken, Task> _unpack;
    private readonly ILogger _logger;
    private readonly string _fetched;

    [SnapshotterFallback]
    private readonly StoredSnapshotter _stored;

    public RegistrySnapshotter(string root, RegistryOptions options, Func<Stream, string, CancellationToken, Task> unpack, ILogger logger)
    {
        _content = OverlayContent.Open(root);
        _stored = StoredSnapshotter.Open(root, _content, logger);
        _registry = new(options, logger);
        _unpack = unpack;
        _logger = logger;
        _fetched = Directory.CreateDirectory(Path.Combine(root, "fetched")).FullName;
    }

    public async Task<SnapshotResult<IReadOnlyList<Mount>>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (await FetchAsync(labels, cancellationToken) is { } file)
        {
            using (file)
            {
                if (await _stored.CommitRemoteAsync(key, parent, labels, UnpackAsync, cancellationToken))
                    return SnapshotResult.AlreadyExists(labels[SnapshotLabels.SnapshotRef]);
            }

            async ValueTask UnpackAsync(StoredSnapshot snapshot, CancellationToken token)
            {
                file.Position = 0;
                await _content.Directories.MakeEmptyAsync(snapshot.Number, snapshot.Parents, labels, token);
                await _unpack(file, _content.Directories.ContentPath(snapshot.Number), token);
            }
        }

        return SnapshotResult.Of(await _stored.PrepareAsync(key, parent, labels, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _registry.Dispose();
        await _stored.DisposeAsync();
    }

    // Returns the layer, which has passed its digest, in a file without a name; null if containerd has to fetch it.
    private async Task<FileStream?> FetchAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (!RemoteLayer.TryRead(labels, out var layer, out var reason))
        {
            if (reason is not null)
                _logger.LogInformation("containerd unpacks a layer: {Reason}", reason);
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var manifest = await _registry.GetManifestAsync(layer.Image, layer.Manifest, limit.Token);
            var blob = manifest.Layers.FirstOrDefault(each => each.Digest == layer.Layer);
            return blob is null or { Size: > MaxSize } ? null : await _registry.ReadBlobAsync(layer.Image, blob, SaveAsync, limit.Token);
        }
        catch (RegistryException exception)
        {
            _logger.LogWarning("containerd unpacks a layer of {Image}: {Reason}", layer.Image, exception.Message);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.LogWarning("containerd unpacks a layer of {Image}: the registry took more than {Limit}", layer.Image, Limit);
            return null;
        }
    }

    // Called again from the beginning if the bytes were wrong: each call makes a file of its own.
    private async Task<FileStream> SaveAsync(Stream blob, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path.Combine(_fetched, Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        });
        try
        {
            await blob.CopyToAsync(file, cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
