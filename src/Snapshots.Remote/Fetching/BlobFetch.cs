using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Containerd.Snapshots.Remote.Hosts;
using Containerd.Snapshots.Remote.Http;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>Fetches blobs and gives them to a reader, again from another host if the bytes were wrong.</summary>
internal sealed class BlobFetch(EndpointPool pool, BadSources bad, FetchLimits limits, Patience patience, ILogger logger)
{
    private const int MaxLastHosts = 4096;

    // Which host has sent the latest part of a blob.
    private readonly ConcurrentDictionary<SnapshotDigest, string> _lastHosts = new();

    /// <summary>Fetches a blob.</summary>
    public async Task<T> ReadAsync<T>(
        ImageReference image, RegistryDescriptor blob, Func<Stream, CancellationToken, Task<T>> read, Action<IReadOnlyList<string>> sentBy, CancellationToken cancellationToken)
    {
        var hosts = bad.Without(pool.Of(image.Host, HostCapabilities.Pull), blob.Digest).ToList();

        // Where the bytes of several hosts were wrong together, each host has to deliver by itself.
        var apart = false;
        while (true)
        {
            var attempt = new BlobAttempt<T>(image, blob, read);
            var failure = await attempt.RunAsync(NewSources(apart ? [hosts[0]] : hosts, image, blob), limits, patience, cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                sentBy([.. attempt.Contributors.Select(endpoint => endpoint.Name)]);
                return attempt.Result;
            }

            if (failure.Error == RegistryError.WrongDigest && attempt.Contributors is [var culprit])
            {
                bad.Remember(culprit, blob.Digest, failure);
                HttpLog.Failed(logger, What(image, blob), failure.Message);
                hosts.Remove(culprit);
            }
            else if (apart || failure.Error != RegistryError.WrongDigest)
            {
                hosts.RemoveRange(0, apart ? 1 : hosts.Count);
            }
            else
            {
                apart = true;
            }

            if (hosts.Count == 0)
                throw failure;
        }
    }

    /// <summary>Opens a part of a blob. Nothing is asked before the first read.</summary>
    public Stream Open(ImageReference image, RegistryDescriptor blob, BlobRange range, CancellationToken cancellationToken)
    {
        return new BlobRangeStream(Start, range.End, Remember, cancellationToken);

        BlobDownload Start()
        {
            var hosts = bad.Last(pool.Of(image.Host, HostCapabilities.Pull), blob.Digest);
            if (range.AvoidsLastHost && _lastHosts.TryGetValue(blob.Digest, out var last))
                hosts = [.. hosts.OrderBy(host => host.Name == last)];

            var request = new BlobRequest(Request(image, blob), blob.Size) { Start = range.Start, End = range.End };
            return new(request, NewSources(hosts, image, blob), limits, patience, cancellationToken);
        }

        void Remember(BlobDownload download)
        {
            if (_lastHosts.Count >= MaxLastHosts)
                _lastHosts.Clear();
            if (download.Contributors.LastOrDefault() is { } host)
                _lastHosts[blob.Digest] = host.Name;
        }
    }

    private Sources NewSources(IReadOnlyList<RegistryEndpoint> hosts, ImageReference image, RegistryDescriptor blob) => new(hosts, What(image, blob), patience, logger);

    /// <summary>How a blob is asked for.</summary>
    public static RegistryRequest Request(ImageReference image, RegistryDescriptor blob) => new(image.Host, image.Repository, $"blobs/{blob.Digest}");

    private static string What(ImageReference image, RegistryDescriptor blob) => $"the blob {blob.Digest} of {image.Host}/{image.Repository}";
}

/// <summary>One reading of a blob.</summary>
internal sealed class BlobAttempt<T>(ImageReference image, RegistryDescriptor blob, Func<Stream, CancellationToken, Task<T>> read)
{
    private T? _result;
    private Exception? _thrown;

    /// <summary>What the reader has returned; its exception, if it has thrown one though the blob was right.</summary>
    public T Result
    {
        get
        {
            if (_thrown is not null)
                ExceptionDispatchInfo.Throw(_thrown);
            return _result!;
        }
    }

    /// <summary>The hosts that any byte came from.</summary>
    public IReadOnlyList<RegistryEndpoint> Contributors { get; private set; } = [];

    /// <summary>Reads the blob to its end, whatever the reader does.</summary>
    /// <returns>What is wrong with the blob; null if it is right.</returns>
    public async Task<RegistryException?> RunAsync(Sources sources, FetchLimits limits, Patience patience, CancellationToken cancellationToken)
    {
        var download = new BlobDownload(new(BlobFetch.Request(image, blob), blob.Size), sources, limits, patience, cancellationToken);
        await using var _ = download.ConfigureAwait(false);
        var stream = new BlobStream(download, blob, image.Repository, cancellationToken);
        try
        {
            await RunReaderAsync(stream, cancellationToken).ConfigureAwait(false);
            return await stream.FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            stream.End();
            Contributors = [.. download.Contributors];
        }
    }

    // A reader that cancels itself wants no more; any other exception may be because of wrong bytes.
    private async Task RunReaderAsync(BlobStream stream, CancellationToken cancellationToken)
    {
        try
        {
            _result = await read(stream, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _thrown = exception;
        }
    }
}
