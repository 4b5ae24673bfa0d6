using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Remote;
using Microsoft.Extensions.Logging;
using Samples.Lazy.Layers;
using Samples.Lazy.Pulling;
using Samples.Lazy.Reporting;

namespace Samples.Lazy.Filling;

/// <summary>
/// The layers that can be read while they arrive: ROOT/layers/NAME.lazy, of which each is a file of the FUSE mount at
/// ROOT/layers/lazy. What is needed to go on after a restart is on the disk; no registry is asked for it.
/// </summary>
internal sealed class LazyLayers : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SnapshotDigest, LazyLayerImage> _images = [];
    private readonly Lock _lock = new();
    private readonly LayerStore _store;
    private readonly RegistryClient _client;
    private readonly ILogger _logger;
    private readonly string _directory, _orders;
    private readonly LazyKeeper _keeper;
    private readonly ReadsFirst _reads = new();
    private LazyImageMount? _mount;
    private LazyTotals _removed;

    public LazyLayers(string root, LayerStore store, RegistryClient client, LazyOptions options, ILogger logger)
    {
        (_store, _client, Options, _logger) = (store, client, options, logger);
        _directory = Path.Combine(Path.GetFullPath(store.Files.Directory), "lazy");
        _orders = Path.Combine(store.Files.Directory, "order");
        _keeper = new(root, logger);
        Rate = new(options.FetchRate);
        store.LazyFileOf = FileOf;
        store.Removing = Forget;
        LazyMetrics.Observe(() => Totals);
    }

    public LazyOptions Options { get; }

    /// <summary>Bounds what completes layers.</summary>
    public FetchRate Rate { get; }

    /// <summary>Is called when a layer is found to be another than it claims.</summary>
    public Action<SnapshotDigest, string> Refused { get; set; } = static (_, _) => { };

    /// <summary>Is called when a layer is removed.</summary>
    public Action<SnapshotDigest> Removed { get; set; } = static _ => { };

    /// <summary>The layers that are here, and not complete.</summary>
    public IReadOnlyList<SnapshotDigest> Incomplete => [.. _images.Keys.Where(layer => !_store.Files.IsComplete(layer))];

    /// <inheritdoc cref="LazyTotals"/>
    public LazyTotals Totals
    {
        get
        {
            lock (_lock)
                return _images.Values.Aggregate(_removed, (totals, each) => totals.With(each.Image.GetCounters()));
        }
    }

    public bool Has(SnapshotDigest layer) => _images.ContainsKey(layer);

    public LazyLayerImage? Find(SnapshotDigest layer) => _images.GetValueOrDefault(layer);

    /// <summary>
    /// Serves what was served before the program was started: takes over the mount from the keeper, if it has one. When this
    /// returns, reads that have waited are answered, and the layers can be mounted.
    /// </summary>
    public void OpenAll()
    {
        var kept = _keeper.Take();
        if (kept is null)
            RemoveDead();

        foreach (var layer in _store.Files.List().Where(layer => File.Exists(_store.Files.LazyImageOf(layer))))
            Open(layer, isResumed: kept is not null);

        if (kept is not null)
        {
            _mount = LazyImageMount.Resume(_directory, kept.Device, kept.State);
            foreach (var (layer, image) in _images)
                _mount.Add(LayerFolder.NameOf(layer), image.Image);

            _mount.Start();
            _keeper.Keep(_mount);
            LazyLog.TookOver(_logger, _images.Count);
        }
        else if (!_images.IsEmpty)
        {
            var mount = Mount();
            foreach (var (layer, image) in _images)
                mount.Add(LayerFolder.NameOf(layer), image.Image);
        }
    }

    /// <summary>Looks whether a layer can be lazy.</summary>
    public bool TryFindTable(ImageLayer layer, [NotNullWhen(true)] out LayerTable? table, [NotNullWhen(false)] out string? reason)
    {
        table = null;
        reason = Options.Refuses(layer.Image);
        return reason is null && LayerTable.TryFind(layer.Descriptor.MediaType, layer.Descriptor.Size, layer.Descriptor.Annotations, out table, out reason);
    }

    /// <summary>Fetches a layer's table, and makes the layer readable.</summary>
    /// <exception cref="InvalidDataException">The table cannot be used.</exception>
    /// <exception cref="IOException">The table cannot be fetched, or the image not be written.</exception>
    public async Task<LazyLayout> LayOutAsync(ImageLayer layer, LayerTable table, ErofsLayerOptions options, CancellationToken cancellationToken)
    {
        var digest = layer.Descriptor.Digest;
        var path = _store.Files.LazyImageOf(digest);
        try
        {
            _store.Files.RemoveLazy(digest);
            LazyLayout layout;
            await using (var file = _store.Files.BeginLazy(digest))
                layout = await LazyLayer.WriteAsync(table, OpenRanges(layer.Image, layer.Descriptor), file, options, cancellationToken);

            var order = StartOrder.Open(_orders, digest);
            var image = LazyImage.Create(path, layout.Chunks, SourceOf(layer.Image, layer.Descriptor, table.Kind, order), OptionsOf(digest));
            _images[digest] = new(image, table.Kind, order);
            Mount().Add(LayerFolder.NameOf(digest), image);
            return layout;
        }
        catch (Exception exception)
        {
            if (exception is not OperationCanceledException)
                LazyLog.NotLazy(_logger, digest, exception.Message);

            Remove(digest);
            _store.Files.RemoveLazy(digest);
            throw;
        }
    }

    /// <summary>Refuses a layer for good: nothing reads it any more.</summary>
    public void Refuse(SnapshotDigest layer, string reason)
    {
        LazyMetrics.Refused();
        LazyLog.Refused(_logger, layer, reason);
        Find(layer)?.Image.Refuse(reason);
        Refused(layer, reason);
    }

    /// <summary>Lets reads go first.</summary>
    public Task WaitForReadsAsync(CancellationToken cancellationToken) => _reads.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        var isNeeded = !_images.IsEmpty;
        if (_mount is not null)
            await _mount.DisposeAsync();

        foreach (var image in _images.Values)
            await image.DisposeAsync();

        if (!isNeeded)
        {
            _keeper.End();
            RemoveDead();
        }
    }

    private LazyImageMount Mount()
    {
        lock (_lock)
        {
            if (_mount is null)
            {
                Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                _mount = LazyImageMount.Mount(_directory);
                _mount.Start();
                _keeper.Keep(_mount);
            }

            return _mount;
        }
    }

    private void Open(SnapshotDigest layer, bool isResumed)
    {
        var isComplete = _store.Files.IsComplete(layer);
        var record = _store.Files.Read(layer);
        if (isComplete && !isResumed)
        {
            _store.Files.RemoveLazy(layer);
            return;
        }

        try
        {
            if (record?.Lazy is not { } lazy || !ImageReference.TryParse(record.Image, out var image))
                throw new InvalidDataException("it is not known where it comes from");

            var descriptor = new RegistryDescriptor(lazy.MediaType, layer, record.Size);
            var order = StartOrder.Open(_orders, layer);
            var opened = LazyImage.Open(_store.Files.LazyImageOf(layer), SourceOf(image, descriptor, lazy.Table, order), OptionsOf(layer));
            _images[layer] = new(opened, lazy.Table, order);
            if (record is { State: LayerState.Refused, Reason: { } reason } && opened.Refusal is null)
                opened.Refuse(reason); // The process was killed in between.
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            LazyLog.CannotOpen(_logger, layer, exception.Message);
            if (!isComplete)
                _store.Files.RemoveLazy(layer);
        }
    }

    // Mounts of a server that is gone, with its keeper, give errors for ever.
    private void RemoveDead()
    {
        foreach (var mount in ErofsMount.List().Where(mount => mount.Image.StartsWith(_directory + "/", StringComparison.Ordinal)).Reverse())
        {
            // Where the root directory has a second path, the kernel removes both mounts at once.
            if (ErofsMount.Find(mount.Directory) is not null)
                ErofsMount.UnmountLazily(mount.Directory);
        }

        try
        {
            while (true)
                LazyImageMount.Abort(_directory);
        }
        catch (IOException)
        {
            // Nothing is mounted there any more.
        }
    }

    private string? FileOf(SnapshotDigest layer) =>
        _images.TryGetValue(layer, out var image) && image.Image.Refusal is null ? Path.Combine(_directory, LayerFolder.NameOf(layer)) : null;

    private void Forget(SnapshotDigest layer)
    {
        if (Has(layer))
            Removed(layer);

        Remove(layer);
    }

    private void Remove(SnapshotDigest layer)
    {
        if (!_images.TryRemove(layer, out var image))
            return;

        lock (_lock)
            _removed = _removed.With(image.Image.GetCounters());

        _mount?.Remove(LayerFolder.NameOf(layer));
        _ = image.DisposeAsync().AsTask();
    }

    private LazyImageOptions OptionsOf(SnapshotDigest layer) => new()
    {
        ReadTimeout = Options.ReadTimeout,
        Failed = (chunk, exception) => LazyLog.ReadFailed(_logger, layer, chunk.Offset, exception.Message),
    };

    private IChunkSource SourceOf(ImageReference image, RegistryDescriptor layer, LayerTableKind kind, StartOrder order) =>
        _reads.Before(new LayerChunkSource(kind, OpenRanges(image, layer)), order);

    private OpenBlobRange OpenRanges(ImageReference image, RegistryDescriptor layer) => (start, end, request, cancellationToken) =>
        new(_client.OpenBlobRange(image, layer, new(start, end) { AvoidsLastHost = request.AvoidsLastMirror }, cancellationToken));
}

/// <summary>A lazy layer that is open.</summary>
/// <param name="Image">Its image.</param>
/// <param name="Table">The kind of its table of contents.</param>
/// <param name="Order">What is read first.</param>
internal sealed record LazyLayerImage(LazyImage Image, LayerTableKind Table, StartOrder Order) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Image.DisposeAsync();
}
