using System.Collections.Concurrent;
using Containerd.Snapshots;
using Containerd.Snapshots.Remote;
using Microsoft.Extensions.Logging;
using Samples.Lazy.Layers;
using Samples.Lazy.Reporting;

namespace Samples.Lazy.Pulling;

/// <summary>Decides which layers are supplied. A pull is remembered for a while after the last question about it.</summary>
internal sealed class ImagePulls : IAsyncDisposable
{
    // containerd holds a lock during Prepare.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    // A failed layer is not tried again in this time: containerd must be able to unpack the image. What was fetched for a pull
    // that was given up is kept as long, for the next attempt.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    // A client that asks for no further layer, and waits for none, has given up.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(ImageReference Image, SnapshotDigest Manifest), (ImagePull Pull, DateTimeOffset Asked)> _pulls = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly LayerFetches _fetches;
    private readonly LayerStore _store;
    private readonly long? _maxCache;
    private readonly ILogger _logger;
    private readonly Task _upkeep;

    /// <param name="fetches">Fetches the layers.</param>
    /// <param name="store">Where the layers are.</param>
    /// <param name="maxCache">How many bytes the layers may use together, before those that no snapshot has are removed; null for no limit.</param>
    /// <param name="logger">The log.</param>
    public ImagePulls(LayerFetches fetches, LayerStore store, long? maxCache, ILogger logger)
    {
        _maxCache = maxCache;
        _fetches = fetches;
        _store = store;
        _logger = logger;
        _upkeep = Task.Run(UpkeepAsync);
    }

    /// <summary>Returns the layer that a Prepare asks for if it is, or will be, here; null if containerd has to unpack it.</summary>
    public async Task<SuppliedLayer?> FindAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (!RemoteLayer.TryRead(labels, out var layer, out var reason))
        {
            // Without labels, the chain ID is all that is known of the layer.
            if (reason is not null)
                Report(labels.GetValueOrDefault(SnapshotLabels.SnapshotRef), labels.GetValueOrDefault(SnapshotLabels.ImageRef), "", reason);

            return null;
        }

        (var found, reason) = await FindAsync(layer, cancellationToken);
        if (found is not null)
            return found;

        Report(layer.Layer.ToString(), layer.Image.ToString(), layer.Manifest.ToString(), reason!);
        return null;
    }

    /// <summary>Begins to fetch a promised layer again, as after a restart.</summary>
    /// <returns>When the image's layers are known and being fetched.</returns>
    public async Task ResumeAsync(SnapshotDigest layer)
    {
        if (_store.Files.Read(layer) is not { } record || !ImageReference.TryParse(record.Image, out var image) || !SnapshotDigest.TryParse(record.Manifest, out var manifest))
            throw new InvalidDataException($"nothing is known of the layer {layer}");

        await PullOf(image, manifest).StartAsync(_stopping.Token);
    }

    /// <summary>Goes on to complete a lazy layer after a restart, once its registry answers.</summary>
    public async Task GoOnAsync(SnapshotDigest layer)
    {
        var pause = Beat;
        while (!_stopping.IsCancellationRequested && !_store.Files.IsComplete(layer))
        {
            try
            {
                await ResumeAsync(layer);
                if (_fetches.Find(layer) is { } fetch)
                    await fetch.Completed;

                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LazyLog.CannotFill(_logger, layer, exception.Message);
                if (_store.Files.Read(layer) is not { State: not LayerState.Refused } record)
                    return;

                Forget(record);
            }

            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < Patience ? pause * 2 : Patience;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _upkeep.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    // The layer, or why it is not supplied.
    private async Task<(SuppliedLayer? Layer, string? Reason)> FindAsync(RemoteLayer layer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        limit.CancelAfter(MostTime);
        var pull = PullOf(layer.Image, layer.Manifest);
        if (pull.RefusalOf(0) is { } refusal)
            return (null, refusal);

        try
        {
            await pull.StartAsync(limit.Token);
            cancellationToken.ThrowIfCancellationRequested();
            var layers = await pull.Layers;
            for (var index = 0; index < layers.Count; index++)
            {
                if (layers[index].ChainId.Equals(layer.ChainId))
                {
                    var supplied = new SuppliedLayer(new(layer.Layer, layers[index].Below?.ChainId), pull.FetchOf(index));
                    return !layers[index].Descriptor.Digest.Equals(layer.Layer)
                        ? (null, $"the image's layer with the chain ID {layer.ChainId} has the digest {layers[index].Descriptor.Digest}")
                        : pull.RefusalOf(index) is { } reason ? (null, reason) : (supplied, null);
                }
            }

            return (null, $"the image has no layer with the chain ID {layer.ChainId}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = $"the registry did not answer within {MostTime.TotalSeconds} s";
            pull.Refuse(0, reason);
            return (null, reason);
        }
        catch (Exception exception) when (exception is RegistryException or InvalidDataException or IOException)
        {
            pull.Refuse(0, exception.Message);
            return (null, exception.Message);
        }
    }

    // A pull that could not read the image's manifest remembers it.
    private void Forget(LayerRecord record)
    {
        if (ImageReference.TryParse(record.Image, out var image) && SnapshotDigest.TryParse(record.Manifest, out var manifest))
            _pulls.TryRemove((image, manifest), out _);
    }

    private ImagePull PullOf(ImageReference image, SnapshotDigest manifest)
    {
        var now = DateTimeOffset.UtcNow;
        return _pulls.AddOrUpdate(
            (image, manifest),
            _ => (new(_fetches, image, manifest, now + Memory, _stopping.Token), now),
            (_, known) => (known.Pull, now)).Pull;
    }

    private void Report(string? name, string? image, string manifest, string reason)
    {
        LazyMetrics.NotSupplied();
        LazyLog.NotSupplied(_logger, name ?? "", image ?? "", reason);
        if (!SnapshotDigest.TryParse(name, out var layer))
            return;

        try
        {
            _store.Record(layer, () => _store.IsUsed(layer) || _fetches.Has(layer) ? null : new()
            {
                Digest = layer.ToString(),
                Image = image ?? "",
                Manifest = manifest,
                State = LayerState.NotSupplied,
                Reason = reason,
                Time = DateTimeOffset.UtcNow,
                KeptUntil = DateTimeOffset.UtcNow + TimeSpan.FromDays(1),
            });
        }
        catch (IOException exception)
        {
            LazyLog.CannotKeepUp(_logger, exception.Message);
        }
    }

    private async Task UpkeepAsync()
    {
        using var timer = new PeriodicTimer(Beat);
        var wasFetching = false;
        var isFirst = true;
        while (await timer.WaitForNextTickAsync(_stopping.Token))
        {
            try
            {
                var now = DateTimeOffset.UtcNow;
                var running = _fetches.Running;
                foreach (var fetch in running)
                    fetch.RecordProgress();

                // What a pull needed is given back at once, and not when the next one comes.
                if (wasFetching && running.Count == 0)
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

                wasFetching = running.Count > 0;

                foreach (var (key, known) in _pulls)
                {
                    if (known.Pull.IsAwaited(_store) || (known.Pull.RefusedAt + Memory ?? known.Asked + Patience) >= now)
                        continue;

                    _pulls.TryRemove(key, out _);
                    known.Pull.Refuse(0, "the pull was given up");
                }

                if (now.Second == 0 || isFirst)
                    _store.RemoveUnused(now, _maxCache, layer => _fetches.Find(layer) is not null);

                isFirst = false;
            }
            catch (IOException exception)
            {
                LazyLog.CannotKeepUp(_logger, exception.Message);
            }
        }
    }
}

/// <summary>A layer that is here, or will be.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Fetch">Ends when it is complete; fails with the reason if it cannot be had.</param>
internal sealed record SuppliedLayer(UsedLayer Layer, Task Fetch);
