using System.Collections.Concurrent;
using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;
using Samples.Lazy.Filling;
using Samples.Lazy.Layers;
using Samples.Lazy.Pulling;
using Samples.Lazy.Reporting;

namespace Samples.Lazy;

/// <summary>
/// The content of snapshots: an overlay's, in which a committed layer's files may be an EROFS image. Such a layer may be promised:
/// its snapshot is stored, and its files still arrive.
/// </summary>
internal sealed class LazyContent : ISnapshotContent, IAsyncDisposable
{
    /// <summary>What the content has in the root directory beside the snapshots.</summary>
    public static readonly IReadOnlyCollection<string> OwnNames = ["layers", LazyKeeper.SocketName];

    private readonly ConcurrentDictionary<long, Task> _promised = [];
    private readonly OverlayContent _overlay;
    private readonly LayerStore _layers;
    private readonly LayerFetches _fetches;
    private readonly ImagePulls _pulls;
    private readonly ILogger _logger;

    /// <summary>Opens the content. All layers that are complete or lazy are mounted when this returns; no registry was asked.</summary>
    public LazyContent(OverlayContent overlay, LayerStore layers, LayerFetches fetches, long? maxCache, ILogger logger)
    {
        _overlay = overlay;
        _layers = layers;
        _fetches = fetches;
        _logger = logger;
        _pulls = new(fetches, layers, maxCache, logger);
        if (fetches.Lazy is { } lazy)
        {
            (lazy.Refused, lazy.Removed) = (Refuse, fetches.Abandon);
            lazy.OpenAll();
        }

        layers.MountAll();
        var promised = layers.Snapshots.Where(number => !layers.IsUsable(layers.LayerOf(number)!)).ToList();
        foreach (var number in promised)
            _promised[number] = Task.Run(() => ResumeAsync(number, layers.LayerOf(number)!));

        foreach (var layer in fetches.Lazy?.Incomplete ?? [])
            _ = _pulls.GoOnAsync(layer);

        if (promised.Count > 0)
            LazyLog.Resumes(logger, promised.Count);
    }

    public Func<IReadOnlyList<long>, Task>? MakeAhead => _overlay.MakeAhead;

    /// <inheritdoc cref="ImagePulls.FindAsync"/>
    public Task<SuppliedLayer?> FindAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _pulls.FindAsync(labels, cancellationToken);

    /// <summary>Makes the content of a committed snapshot: a layer that is complete, or is being fetched.</summary>
    public void Promise(StoredSnapshot snapshot, SuppliedLayer layer)
    {
        _overlay.Directories.Remove(snapshot.Number, CancellationToken.None); // It may have been made ahead, with an `fs`.
        _layers.Attach(snapshot.Number, layer.Layer);
        if (!_layers.IsMounted(snapshot.Number))
            _promised[snapshot.Number] = FulfillAsync(snapshot.Number, layer.Layer.Layer, layer.Fetch);

        LazyMetrics.Supplied();
    }

    /// <summary>Whether any snapshot waits for its files.</summary>
    public bool HasPromises => !_promised.IsEmpty;

    /// <summary>What a snapshot's files wait for; null if they are there. It fails with the reason if they will never be.</summary>
    public Task? PromiseOf(long number)
    {
        if (!_promised.TryGetValue(number, out var promise))
            return null;

        if (promise.IsCompletedSuccessfully)
            _promised.TryRemove(number, out _);

        return promise;
    }

    public ContentListing List() => _overlay.List() switch
    {
        var listed => listed with { Numbers = [.. listed.Numbers.Union(_layers.Snapshots)] },
    };

    public ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) => _overlay.MakeAsync(snapshot, cancellationToken);

    public IReadOnlyList<Mount> Mounts(StoredSnapshot snapshot) => _overlay.Mounts(snapshot);

    public ValueTask SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) => _overlay.SealAsync(snapshot, cancellationToken);

    public ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        UsageOf(snapshot.Number) is { } usage ? new(usage) : _overlay.MeasureAsync(snapshot, cancellationToken);

    /// <summary>The usage of a layer; zero while it is fetched, and null if the snapshot has files of its own.</summary>
    public SnapshotUsage? UsageOf(long number)
    {
        if (_layers.LayerOf(number) is not { } layer)
            return null;

        return _layers.Files.Read(layer) is { State: LayerState.Complete or LayerState.Lazy or LayerState.Refused } record ? new(record.DiskSize, record.Inodes) : SnapshotUsage.None;
    }

    public async ValueTask<RemovalReport?> RemoveAsync(long number, CancellationToken cancellationToken)
    {
        _promised.TryRemove(number, out _);
        var freed = _layers.Detach(number);
        var report = await _overlay.RemoveAsync(number, cancellationToken);
        return report is null ? null : report with { Freed = new(report.Freed.Size + freed.Size, report.Freed.Inodes + freed.Inodes) };
    }

    public bool IsLost(StoredSnapshot snapshot) => _layers.LayerOf(snapshot.Number) is null
        ? _overlay.IsLost(snapshot)
        : !_promised.ContainsKey(snapshot.Number) && !_layers.IsMounted(snapshot.Number);

    public async ValueTask DisposeAsync()
    {
        await _pulls.DisposeAsync();
        await _fetches.DisposeAsync();
        _overlay.Dispose();
    }

    // Its snapshots are as those of a promise that was not kept.
    private void Refuse(SnapshotDigest layer, string reason)
    {
        foreach (var number in _layers.SnapshotsOf(layer))
            _promised[number] = Task.FromException(Refused(layer, reason));
    }

    private static SnapshotterException Refused(SnapshotDigest layer, string reason) =>
        SnapshotterException.FailedPrecondition($"layer {layer} is refused; remove the images that have it, and pull again: {reason}");

    private async Task ResumeAsync(long number, SnapshotDigest layer)
    {
        if (_layers.Files.Read(layer) is { State: LayerState.Refused } record)
            throw Refused(layer, record.Reason ?? "");

        try
        {
            await _pulls.ResumeAsync(layer);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Broken(layer, exception.Message);
        }

        await FulfillAsync(number, layer, _fetches.Find(layer)?.Usable ?? Task.CompletedTask);
    }

    private async Task FulfillAsync(long number, SnapshotDigest layer, Task fetch)
    {
        try
        {
            await fetch;
            if (!_layers.IsUsable(layer))
                throw new InvalidDataException("it could not be fetched");

            _layers.Mount(layer);
            if (!_layers.IsMounted(number))
                throw new InvalidDataException("it was fetched for another image, and its directories depend on the layers below it");
        }
        catch (Exception exception)
        {
            throw Broken(layer, exception is OperationCanceledException ? "the fetch was given up" : exception.Message);
        }
    }

    private SnapshotterException Broken(SnapshotDigest layer, string reason)
    {
        LazyLog.Broken(_logger, layer, reason);
        return SnapshotterException.FailedPrecondition($"layer {layer} cannot be supplied, and containerd unpacks it at the next pull: {reason}");
    }
}
