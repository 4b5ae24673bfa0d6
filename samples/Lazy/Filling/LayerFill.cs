using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Remote;
using Samples.Lazy.Pulling;

namespace Samples.Lazy.Filling;

/// <summary>Completes a lazy layer: first what is read first, then the rest, in one pass that also verifies the whole layer.</summary>
internal sealed class LayerFill(LazyLayers layers, RegistryClient client, ImageLayer layer, ErofsLayerOptions options)
{
    private const int BytesBetweenChecks = 16 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1), PauseWithoutSpace = TimeSpan.FromSeconds(1);

    private readonly LazyLayerImage _lazy = layers.Find(layer.Descriptor.Digest)!;
    private int _sinceCheck = BytesBetweenChecks;

    /// <summary>The hosts that sent the layer.</summary>
    public IReadOnlyList<string> Hosts { get; private set; } = [];

    /// <summary>Fetches, a few at a time, what the last starts read first, and then what the image's author says.</summary>
    /// <param name="prefetchEnd">Where in the image the author's part ends, in bytes; 0 for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task FetchFirstAsync(long prefetchEnd, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var parts in _lazy.Order.Parts.Chunk(4))
                await Task.WhenAll(parts.Select(part => _lazy.Image.FetchAsync(part.Offset, part.End - part.Offset, ChunkCause.Ahead, cancellationToken)));

            if (prefetchEnd > 0)
                await _lazy.Image.FetchAsync(0, prefetchEnd, ChunkCause.Ahead, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentOutOfRangeException)
        {
            // Only speed depends on it; the rest of the layer comes next, and its errors are told.
        }
    }

    /// <summary>Reads the whole layer, however long the registry is away.</summary>
    /// <returns>Why the layer must be refused; null if it is what its digests say. Contents for which there was no space are missing.</returns>
    public async Task<string?> VerifyAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                var written = await client.ReadBlobWithHostsAsync(layer.Image, layer.Descriptor, VerifyAsync, hosts => Hosts = hosts, cancellationToken);
                return written.DiffId.Equals(layer.DiffId)
                    ? null
                    : $"it has the diff ID {written.DiffId}, but the configuration of {layer.Image} says {layer.DiffId}: the image claims another's layer";
            }
            catch (InvalidDataException exception)
            {
                return exception.Message;
            }
            catch (Exception exception) when (exception is RegistryException or IOException)
            {
                // Readers wait for what they need; the rest has time.
            }

            SaveOrder();
            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>Fetches what is missing after the layer was verified, once there is space, and makes everything durable.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        SaveOrder();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                if (!_lazy.Image.IsComplete)
                {
                    await WaitForSpaceAsync(Math.Max(layers.Options.MinFree, MissingBytes), cancellationToken);
                    await _lazy.Image.FetchAsync(0, _lazy.Image.Length, ChunkCause.Background, cancellationToken);
                }

                if (_lazy.Image.IsComplete)
                {
                    await _lazy.Image.CompleteAsync(cancellationToken);
                    return;
                }
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException)
            {
                // The disk, or the registry.
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    private long MissingBytes => (long)(_lazy.Image.Length * (1 - ((double)_lazy.Image.StoredChunkCount / Math.Max(1, _lazy.Image.ChunkCount))));

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<ErofsLayerDigests> VerifyAsync(Stream blob, CancellationToken cancellationToken)
    {
        await using var arriving = new ArrivingLayer(blob, count => ArrivedAsync(count, cancellationToken));
        return await LazyLayer.VerifyAsync(_lazy.Table, arriving, _lazy.Image, options, cancellationToken);
    }

    private async Task ArrivedAsync(int count, CancellationToken cancellationToken)
    {
        await layers.WaitForReadsAsync(cancellationToken);
        await layers.Rate.TakeAsync(count, cancellationToken);
        _sinceCheck += count;
        if (_sinceCheck < BytesBetweenChecks)
            return;

        _sinceCheck = 0;
        if (layers.Options.MinFree > 0)
            await WaitForSpaceAsync(layers.Options.MinFree, cancellationToken);
    }

    private async Task WaitForSpaceAsync(long bytes, CancellationToken cancellationToken)
    {
        while (new DriveInfo(_lazy.Image.Path).AvailableFreeSpace < bytes)
            await Task.Delay(PauseWithoutSpace, cancellationToken);
    }

    private void SaveOrder()
    {
        try
        {
            _lazy.Order.Save();
        }
        catch (IOException)
        {
            // The next start is slower.
        }
    }
}
