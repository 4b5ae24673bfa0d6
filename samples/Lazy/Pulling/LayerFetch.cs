using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Remote;
using Samples.Lazy.Filling;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Pulling;

/// <summary>Fetches one layer: writes its image while it arrives, and checks both of its digests. All who want the layer share it.</summary>
internal sealed class LayerFetch
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _usable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly LayerFetches _fetches;
    private readonly ImageLayer _layer;
    private readonly SemaphoreSlim _turns;
    private long _fetched;
    private readonly Lock _recording = new();
    private bool _isRecorded;
    private LayerRecord? _record;
    private int _pulls;

    /// <param name="fetches">All fetches.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="turns">How many layers of an image are written at the same time.</param>
    public LayerFetch(LayerFetches fetches, ImageLayer layer, SemaphoreSlim turns)
    {
        _fetches = fetches;
        _layer = layer;
        _turns = turns;
        _record = OfLazyFile;
        Completed = Task.Run(RunAsync);
        foreach (var task in new[] { _started.Task, _usable.Task, Completed })
            task.ContinueWith(static task => task.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    public SnapshotDigest Digest => _layer.Descriptor.Digest;

    /// <summary>Ends when the first bytes are there; fails if the layer cannot be had.</summary>
    public Task Started => _started.Task;

    /// <summary>Ends when the layer is mounted for its snapshots, complete or lazy. It fails with the reason.</summary>
    public Task Usable => _usable.Task;

    /// <summary>Ends when the layer is on the disk, and mounted for its snapshots. It fails with the reason.</summary>
    public Task Completed { get; }

    /// <summary>Whether nobody needs it any more.</summary>
    public bool IsGivenUp => _cancellation.IsCancellationRequested;

    /// <summary>Records how much of the layer is there, unless the fetch has ended.</summary>
    public void RecordProgress()
    {
        lock (_recording)
        {
            if (!_isRecorded)
                _fetches.Record(Digest, () => IsGivenUp ? null : (_record ?? OfLazyFile ?? _layer.ToRecord(LayerState.Fetching)) with { Fetched = Fetched, Time = DateTimeOffset.UtcNow });
        }
    }

    /// <summary>Counts a pull that needs the layer.</summary>
    public void Need() => Interlocked.Increment(ref _pulls);

    /// <summary>Removes a pull from the count. Without any, the fetch ends.</summary>
    public void GiveUp()
    {
        if (Interlocked.Decrement(ref _pulls) == 0)
            Cancel();
    }

    /// <summary>Whether the layer was removed while it was fetched.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Ends the fetch: the layer was removed.</summary>
    public void Abandon()
    {
        IsAbandoned = true;
        Cancel();
    }

    // What waits goes on elsewhere: the caller may hold a lock.
    public void Cancel() => _ = _cancellation.CancelAsync();

    private async Task RunAsync()
    {
        try
        {
            RecordProgress();
            if (_fetches.Lazy is not { } lazy)
                await WriteWholeAsync(null);
            else if (lazy.TryFindTable(_layer, out var table, out var reason))
                await FillAsync(lazy, table);
            else
                await WriteWholeAsync(reason);

            _fetches.Mount(Digest);
            _fetches.Remove(this);
            _usable.TrySetResult();
            _started.TrySetResult();
        }
        catch (Exception exception)
        {
            lock (_recording)
                _isRecorded = true;

            try
            {
                if (_fetches.Find(Digest) == this)
                    _fetches.Discard(Digest);
            }
            finally
            {
                _fetches.Remove(this);
                _usable.TrySetException(exception);
                _started.TrySetException(exception);
            }

            throw;
        }
    }

    private async Task WriteWholeAsync(string? reason)
    {
        IReadOnlyList<string> hosts = [];
        var written = await _fetches.Client.ReadBlobWithHostsAsync(_layer.Image, _layer.Descriptor, WriteAsync, from => hosts = from, _cancellation.Token);
        if (!written.DiffId.Equals(_layer.DiffId))
            throw new InvalidDataException($"the layer {Digest} of {_layer.Image} has the diff ID {written.DiffId}, but the image's configuration says {_layer.DiffId}: the image is wrong, or was tampered with");

        var record = Sized(LayerState.Complete, written.Usage, written.ImpliedDirectories.Count > 0) with { Hosts = hosts, NotLazy = reason, Lazy = OfLazyFile?.Lazy };
        End(() => _fetches.Files.Complete(Digest, record with { Fetched = record.Size }));
    }

    private async Task FillAsync(LazyLayers lazy, LayerTable table)
    {
        var isNew = !lazy.Has(Digest);
        var layout = default(LazyLayout);
        if (isNew)
        {
            try
            {
                layout = await lazy.LayOutAsync(_layer, table, Options, _cancellation.Token);
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or RegistryException)
            {
                await WriteWholeAsync(exception.Message);
                return;
            }
        }

        var source = new LazyRecord(_layer.Descriptor.MediaType, table.Kind);
        var record = layout is null
            ? OfLazyFile ?? _layer.ToRecord(LayerState.Lazy) with { Lazy = source }
            : Sized(LayerState.Lazy, layout.Usage, layout.ImpliedDirectories.Count > 0) with { Lazy = source };
        _record = record;
        RecordProgress();
        _fetches.Mount(Digest);
        _usable.TrySetResult();
        _started.TrySetResult();

        var fill = new LayerFill(lazy, _fetches.Client, _layer, Options);
        await fill.FetchFirstAsync(layout?.PrefetchEnd ?? 0, _cancellation.Token);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation.Token);
        if (lazy.Options.VerifyWithin is { } most)
            limit.CancelAfter(most);

        string? refusal;
        try
        {
            refusal = await fill.VerifyAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            refusal = $"it was not verified within {lazy.Options.VerifyWithin}";
        }

        record = record with { Time = DateTimeOffset.UtcNow, KeptUntil = _layer.KeptUntil };
        if (refusal is null)
        {
            await fill.CompleteAsync(_cancellation.Token);
            End(() => _fetches.Files.CompleteLazy(Digest, record with { State = LayerState.Complete, Fetched = record.Size, Hosts = fill.Hosts }));
            return;
        }

        End(() => _fetches.Files.Write(Digest, record with { State = LayerState.Refused, Reason = refusal }));
        lazy.Refuse(Digest, refusal);
        throw new InvalidDataException($"the layer {Digest} is refused: {refusal}");
    }

    // The record of a lazy layer that is here, also if it is another process's: containers may read it.
    private LayerRecord? OfLazyFile => File.Exists(_fetches.Files.LazyImageOf(Digest)) && _fetches.Files.Read(Digest) is { Lazy: not null } record
        ? record with { State = LayerState.Lazy }
        : null;

    // Of a lazy layer, as far as its contents are there.
    private long Fetched => _fetches.Lazy?.Find(Digest)?.Image is { ChunkCount: > 0 } image
        ? (long)((double)_layer.Descriptor.Size * image.StoredChunkCount / image.ChunkCount)
        : Interlocked.Read(ref _fetched);

    private LayerRecord Sized(LayerState state, SnapshotUsage usage, bool hasImplied) => _layer.ToRecord(state) with
    {
        DiskSize = usage.Size,
        Inodes = usage.Inodes,
        OnlyOn = hasImplied ? _layer.Below?.ChainId.ToString() : null,
    };

    private void End(Action record)
    {
        lock (_recording)
        {
            _isRecorded = true;
            _fetches.Record(Digest, () =>
            {
                // The files may be another fetch's by now.
                if (_fetches.Find(Digest) != this)
                    throw new OperationCanceledException("the layer was removed");

                record();
                return null;
            });
        }
    }

    private async Task<ErofsLayerDigests> WriteAsync(Stream blob, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _fetched, 0);
        var hasTurn = false;
        try
        {
            await using var image = _fetches.Files.Begin(Digest);
            await using var arriving = new ArrivingLayer(blob, ArrivedAsync);
            return await ErofsLayer.WriteAsync(arriving, image, Options, cancellationToken);
        }
        finally
        {
            if (hasTurn)
                _turns.Release();
        }

        // Goes on when the layer's turn comes.
        async Task ArrivedAsync(int count)
        {
            Interlocked.Add(ref _fetched, count);
            _started.TrySetResult();
            if (!hasTurn)
            {
                await _turns.WaitAsync(cancellationToken);
                hasTurn = true;
            }
        }
    }

    private ErofsLayerOptions Options => new() { ComputesDigest = false, MaxMemory = 256 << 20, FindDirectoryBelow = FindBelowAsync };

    // The layers below were begun before this one, so they do not wait for it.
    private async ValueTask<ErofsAttributes?> FindBelowAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return ErofsDirectory.Find(await MountBelowAsync(cancellationToken), path);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It tells nothing of this layer.
            throw new IOException($"the layers below cannot be read: {exception.Message}", exception);
        }
    }

    private async Task<IReadOnlyList<string>> MountBelowAsync(CancellationToken cancellationToken)
    {
        var below = new List<string>();
        for (var layer = _layer.Below; layer is not null; layer = layer.Below)
        {
            if (layer.Descriptor.Digest.Equals(Digest))
                continue;

            if (!_fetches.Files.IsComplete(layer.Descriptor.Digest) && _fetches.Find(layer.Descriptor.Digest) is { } fetch)
                await fetch.Usable.WaitAsync(cancellationToken);

            below.Add(_fetches.MountOf(layer.Descriptor.Digest));
        }

        return below;
    }
}
