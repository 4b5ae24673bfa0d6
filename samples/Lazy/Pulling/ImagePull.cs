using Containerd.Snapshots;
using Containerd.Snapshots.Remote;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Pulling;

/// <summary>
/// One image that is being pulled. All of its layers are fetched at once. Those below the first one that cannot be had are
/// supplied; containerd unpacks that one and all above it, since it downloads them in any case.
/// </summary>
internal sealed class ImagePull
{
    // Of the layers whose first bytes are there, so many are written at the same time. A layer that waits is behind the line when
    // its turn comes. Each image has its own turns, so that none waits for another one's large layers.
    private readonly SemaphoreSlim _turns = new(8);
    private readonly LayerFetches _fetches;
    private readonly Task<IReadOnlyList<ImageLayer>> _layers;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, LayerFetch> _needed = [];
    private (int Index, string Reason, DateTimeOffset Time)? _refused;
    private Task? _started;

    public ImagePull(LayerFetches fetches, ImageReference image, SnapshotDigest manifest, DateTimeOffset keptUntil, CancellationToken stopping)
    {
        _fetches = fetches;
        _layers = Task.Run(() => ReadAsync(image, manifest, keptUntil, stopping), stopping);
    }

    /// <summary>The image's layers, from the base.</summary>
    /// <exception cref="RegistryException">The image cannot be had.</exception>
    /// <exception cref="InvalidDataException">The image's configuration does not fit its manifest.</exception>
    public Task<IReadOnlyList<ImageLayer>> Layers => _layers;

    /// <summary>Begins to fetch all layers, and waits until their first bytes are there.</summary>
    /// <param name="cancellationToken">Ends the wait: layers without bytes are refused.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var layers = await _layers.WaitAsync(cancellationToken);
        try
        {
            await Begin(layers).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            for (var index = 0; index < layers.Count; index++)
            {
                if (_fetches.Find(layers[index].Descriptor.Digest) is { Started.IsCompleted: false })
                    Refuse(index, "the registry did not begin to send the layer in time");
            }
        }
    }

    /// <summary>When a layer was last left to containerd, in UTC; null if none is.</summary>
    public DateTimeOffset? RefusedAt
    {
        get
        {
            lock (_lock)
                return _refused?.Time;
        }
    }

    /// <summary>Why containerd has to unpack a layer; null if it is supplied.</summary>
    public string? RefusalOf(int index)
    {
        lock (_lock)
        {
            return _refused is not { } refused || index < refused.Index ? null
                : index == refused.Index ? refused.Reason
                : $"a layer below it is not supplied: {refused.Reason}";
        }
    }

    /// <summary>Ends when a layer that is supplied can be mounted; fails with the reason if it cannot be had after all.</summary>
    public Task FetchOf(int index)
    {
        lock (_lock)
            return _needed.GetValueOrDefault(index)?.Usable ?? Task.CompletedTask;
    }

    /// <summary>Leaves a layer and all above it to containerd, and ends their fetches unless another image needs them.</summary>
    public void Refuse(int index, string reason)
    {
        lock (_lock)
        {
            if (_refused is { } refused && index >= refused.Index)
                return;

            _refused = (index, reason, DateTimeOffset.UtcNow);
            foreach (var (above, fetch) in _needed.Where(each => each.Key >= index).ToList())
            {
                fetch.GiveUp();
                _needed.Remove(above);
            }
        }
    }

    /// <summary>Whether one of the layers that are being fetched was promised to containerd.</summary>
    public bool IsAwaited(LayerStore store)
    {
        lock (_lock)
            return _needed.Values.Any(fetch => !fetch.Completed.IsCompleted && store.IsUsed(fetch.Digest));
    }

    // Layers that were removed since, with the last image that had them, are fetched again.
    private Task Begin(IReadOnlyList<ImageLayer> layers)
    {
        lock (_lock)
        {
            if (_started is null || layers.Where((layer, index) => RefusalOf(index) is null && !_fetches.Has(layer.Descriptor.Digest)).Any())
                _started = Task.WhenAll(layers.Select(BeginAsync).ToList());

            return _started;
        }
    }

    private async Task BeginAsync(ImageLayer layer, int index)
    {
        if (RefusalOf(index) is not null)
            return;

        try
        {
            if (_fetches.Begin(layer, _turns) is { } fetch)
            {
                Need(fetch, index);
                _ = WatchAsync(fetch, layer, index);
                await fetch.Started;
                if (fetch.Usable.IsCompletedSuccessfully)
                    CheckBelow(layer, index);
            }
            else
            {
                CheckBelow(layer, index);
            }
        }
        catch (Exception exception)
        {
            Refuse(index, exception.Message);
        }
    }

    private void Need(LayerFetch fetch, int index)
    {
        lock (_lock)
        {
            if (_needed.GetValueOrDefault(index) == fetch)
                return;

            fetch.Need();
            if (_refused is { } refused && index >= refused.Index)
                fetch.GiveUp();
            else
                _needed[index] = fetch;
        }
    }

    private async Task WatchAsync(LayerFetch fetch, ImageLayer layer, int index)
    {
        try
        {
            await fetch.Completed;
            CheckBelow(layer, index);
        }
        catch (OperationCanceledException) when (fetch.IsAbandoned)
        {
            // When someone asks for the layer again, it is fetched again.
            lock (_lock)
            {
                if (_needed.GetValueOrDefault(index) == fetch)
                    _needed.Remove(index);
            }
        }
        catch (Exception exception)
        {
            Refuse(index, exception.Message);
        }
    }

    private void CheckBelow(ImageLayer layer, int index)
    {
        if (_fetches.Files.Read(layer.Descriptor.Digest) is { OnlyOn: { } only } && only != layer.Below?.ChainId.ToString())
            Refuse(index, $"the layer {layer.Descriptor.Digest} is here for another image, with directories that depend on the layers below it");
    }

    private async Task<IReadOnlyList<ImageLayer>> ReadAsync(ImageReference image, SnapshotDigest digest, DateTimeOffset keptUntil, CancellationToken stopping)
    {
        var manifest = await _fetches.Client.GetManifestAsync(image, digest, stopping);
        var diffIds = await _fetches.Client.ReadBlobAsync(image, manifest.Config, ImageConfiguration.ReadDiffIdsAsync, stopping);
        if (diffIds.Count != manifest.Layers.Count)
            throw new InvalidDataException($"the manifest of {image} has {manifest.Layers.Count} layers, and its configuration has {diffIds.Count} diff IDs");

        var chainIds = ImageConfiguration.ChainIdsOf(diffIds);
        var layers = new List<ImageLayer>();
        foreach (var (descriptor, diffId) in manifest.Layers.Zip(diffIds))
            layers.Add(new(image, digest, descriptor, diffId, chainIds[layers.Count], layers.LastOrDefault()) { KeptUntil = keptUntil });

        return layers;
    }
}
