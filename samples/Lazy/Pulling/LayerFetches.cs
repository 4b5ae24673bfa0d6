using Containerd.Snapshots;
using Containerd.Snapshots.Remote;
using Samples.Lazy.Filling;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Pulling;

/// <summary>The layers that are being fetched, each once.</summary>
/// <param name="client">The registries.</param>
/// <param name="store">Where the layers are.</param>
/// <param name="lazy">The lazy layers; null if none may be lazy.</param>
internal sealed class LayerFetches(RegistryClient client, LayerStore store, LazyLayers? lazy) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SnapshotDigest, LayerFetch> _running = [];
    private bool _isDisposed;

    public RegistryClient Client => client;

    public LayerFolder Files => store.Files;

    public LazyLayers? Lazy => lazy;

    public IReadOnlyList<LayerFetch> Running
    {
        get
        {
            lock (_lock)
                return [.. _running.Values];
        }
    }

    public LayerFetch? Find(SnapshotDigest layer)
    {
        lock (_lock)
            return _running.GetValueOrDefault(layer);
    }

    /// <summary>Whether a layer is complete, or being fetched.</summary>
    public bool Has(SnapshotDigest layer)
    {
        lock (_lock)
            return _running.GetValueOrDefault(layer) is { IsGivenUp: false } || Files.IsComplete(layer);
    }

    /// <summary>Begins to fetch a layer, or returns the fetch that runs; null if the layer is complete.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="turns">The turns of the image's layers.</param>
    public LayerFetch? Begin(ImageLayer layer, SemaphoreSlim turns)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var digest = layer.Descriptor.Digest;
            if (_running.TryGetValue(digest, out var running))
                return running;

            if (Files.IsComplete(digest))
                return null;
            if (Files.Read(digest) is { State: LayerState.Refused } refused)
                throw new InvalidDataException($"the layer {digest} is refused: {refused.Reason}");

            _running.Add(digest, running = new(this, layer, turns));
            return running;
        }
    }

    public void Remove(LayerFetch fetch)
    {
        lock (_lock)
        {
            if (_running.GetValueOrDefault(fetch.Digest) == fetch)
                _running.Remove(fetch.Digest);
        }
    }

    /// <summary>Ends the fetch of a layer that was removed. The next one need not wait for its end.</summary>
    public void Abandon(SnapshotDigest layer)
    {
        lock (_lock)
        {
            if (_running.Remove(layer, out var fetch))
                fetch.Abandon();
        }
    }

    /// <inheritdoc cref="LayerStore.Record"/>
    public void Record(SnapshotDigest layer, Func<LayerRecord?> record) => store.Record(layer, record);

    /// <inheritdoc cref="LayerStore.Discard"/>
    public void Discard(SnapshotDigest layer) => store.Discard(layer);

    /// <summary>Mounts a layer for the snapshots that have it.</summary>
    public void Mount(SnapshotDigest layer) => store.Mount(layer);

    /// <summary>The directory with a complete layer's files.</summary>
    public string MountOf(SnapshotDigest layer)
    {
        store.Mount(layer);
        return store.FilesOf(layer);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _isDisposed = true;

        foreach (var fetch in Running)
        {
            fetch.Cancel();
            await fetch.Completed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (lazy is not null)
            await lazy.DisposeAsync();

        client.Dispose();
    }
}
