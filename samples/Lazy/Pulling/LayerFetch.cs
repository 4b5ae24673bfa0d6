using Containerd.Snapshots;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Remote;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Pulling;

/// <summary>Fetches one layer: writes its image while it arrives, and checks both of its digests. All who want the layer share it.</summary>
internal sealed class LayerFetch
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly LayerFetches _fetches;
    private readonly ImageLayer _layer;
    private readonly SemaphoreSlim _turns;
    private long _fetched;
    private readonly Lock _recording = new();
    private bool _isRecorded;
    private int _pulls;

    /// <param name="fetches">All fetches.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="turns">How many layers of an image are written at the same time.</param>
    public LayerFetch(LayerFetches fetches, ImageLayer layer, SemaphoreSlim turns)
    {
        _fetches = fetches;
        _layer = layer;
        _turns = turns;
        _started.Task.ContinueWith(static task => task.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
        Completed = Task.Run(RunAsync);
        Completed.ContinueWith(static task => task.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    public SnapshotDigest Digest => _layer.Descriptor.Digest;

    /// <summary>Ends when the first bytes are there; fails if the layer cannot be had.</summary>
    public Task Started => _started.Task;

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
                _fetches.Record(Digest, () => IsGivenUp ? null : _layer.ToRecord(LayerState.Fetching) with { Fetched = Interlocked.Read(ref _fetched) });
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

    public void Cancel() => _cancellation.Cancel();

    private async Task RunAsync()
    {
        try
        {
            RecordProgress();
            IReadOnlyList<string> hosts = [];
            var written = await _fetches.Client.ReadBlobWithHostsAsync(_layer.Image, _layer.Descriptor, WriteAsync, from => hosts = from, _cancellation.Token);
            if (!written.DiffId.Equals(_layer.DiffId))
                throw new InvalidDataException($"the layer {Digest} of {_layer.Image} has the diff ID {written.DiffId}, but the image's configuration says {_layer.DiffId}: the image is wrong, or was tampered with");

            Complete(_layer.ToRecord(LayerState.Complete) with
            {
                Fetched = _layer.Descriptor.Size,
                Hosts = hosts,
                DiskSize = written.Usage.Size,
                Inodes = written.Usage.Inodes,
                OnlyOn = written.ImpliedDirectories.Count > 0 ? _layer.Below?.ChainId.ToString() : null,
                KeptUntil = _layer.KeptUntil,
            });
            _fetches.Mount(Digest);
            _fetches.Remove(this);
            _started.TrySetResult();
        }
        catch (Exception exception)
        {
            lock (_recording)
                _isRecorded = true;

            try
            {
                _fetches.Discard(Digest);
            }
            finally
            {
                _fetches.Remove(this);
                _started.TrySetException(exception);
            }

            throw;
        }
    }

    private void Complete(LayerRecord record)
    {
        lock (_recording)
        {
            _isRecorded = true;
            _fetches.Files.Complete(Digest, record);
        }
    }

    private async Task<ErofsLayerDigests> WriteAsync(Stream blob, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _fetched, 0);
        var hasTurn = false;
        try
        {
            await using var image = _fetches.Files.Begin(Digest);
            var arriving = new FirstBytes(blob, TakeTurnAsync, count => Interlocked.Add(ref _fetched, count));
            return await ErofsLayer.WriteAsync(arriving, image, new() { ComputesDigest = false, MaxMemory = 256 << 20, FindDirectoryBelow = FindBelowAsync }, cancellationToken);
        }
        finally
        {
            if (hasTurn)
                _turns.Release();
        }

        async Task TakeTurnAsync()
        {
            _started.TrySetResult();
            await _turns.WaitAsync(cancellationToken);
            hasTurn = true;
        }
    }

    // The layers below were begun before this one, so they do not wait for it.
    private async ValueTask<ErofsAttributes?> FindBelowAsync(string path, CancellationToken cancellationToken)
    {
        var below = new List<string>();
        for (var layer = _layer.Below; layer is not null; layer = layer.Below)
        {
            if (layer.Descriptor.Digest.Equals(Digest))
                continue;

            if (!_fetches.Files.IsComplete(layer.Descriptor.Digest) && _fetches.Find(layer.Descriptor.Digest) is { } fetch)
                await fetch.Completed.WaitAsync(cancellationToken);

            below.Add(_fetches.MountOf(layer.Descriptor.Digest));
        }

        return ErofsDirectory.Find(below, path);
    }
}
