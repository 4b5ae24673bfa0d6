using Containerd.Snapshots.Remote.Credentials;
using Containerd.Snapshots.Remote.Fetching;
using Containerd.Snapshots.Remote.Hosts;
using Containerd.Snapshots.Remote.Http;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote;

/// <summary>
/// Fetches images from registries as containerd does: through the mirrors of its <c>hosts.toml</c>, with the node's credentials.
/// All that it returns has passed its digest. One client serves a whole program; all its methods may be called at the same time.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    private readonly EndpointPool _pool;
    private readonly FetchLimits _limits;
    private readonly ManifestFetch _manifests;
    private readonly BlobFetch _blobs;

    /// <summary>Creates a client. Nothing is read and no registry is asked yet.</summary>
    /// <param name="options">The operator's options.</param>
    /// <param name="logger">Gets a warning for each host that fails.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive.</exception>
    public RegistryClient(RegistryOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxMemory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxConnections);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxConnectionsPerBlob);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.TimeWithoutProgress, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectionTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.CredentialTimeout, TimeSpan.Zero);

        var patience = new Patience(options.ConnectionTimeout, options.TimeWithoutProgress, options.TimeProvider);
        var bad = new BadSources(options.TimeProvider);
        _limits = FetchLimits.Of(options.MaxMemory, options.MaxConnections, options.MaxConnectionsPerBlob);
        _pool = new(new HostsDirectory(options.HostsDirectory), new NodeCredentials([.. Sources(options)], logger), patience);
        _manifests = new(_pool, bad, patience, logger);
        _blobs = new(_pool, bad, _limits, patience, logger);
    }

    /// <summary>Buffers in use, for tests.</summary>
    internal int BuffersInUse => _limits.Buffers.Held;

    /// <summary>Fetches a manifest. If the digest is an index's, it is the manifest for this machine's platform.</summary>
    /// <param name="image">The image; its tag and digest do not matter.</param>
    /// <param name="digest">The digest of a manifest or an index.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RegistryException">It cannot be had, or cannot be used.</exception>
    public Task<ImageManifest> GetManifestAsync(ImageReference image, SnapshotDigest digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(digest);
        return _manifests.GetAsync(image, digest, cancellationToken);
    }

    /// <summary>Asks which manifest an image has on this machine's platform: by its digest if it has one, otherwise by its tag.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RegistryException">It cannot be had, or cannot be used.</exception>
    public Task<ResolvedImage> ResolveAsync(ImageReference image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _manifests.ResolveAsync(image, cancellationToken);
    }

    /// <summary>
    /// Fetches a blob, such as a layer. Lost connections are made again, where possible to continue where they were lost, and
    /// hosts that fail are replaced by others. Time passes without a limit as long as there is progress.
    /// </summary>
    /// <param name="image">The image that the blob belongs to.</param>
    /// <param name="blob">The blob, from the image's manifest.</param>
    /// <param name="read">
    /// Reads the blob from a stream, once and forward, and is called again, from the beginning, if the bytes turn out to be
    /// wrong: what it has made of them must then be replaced. The stream's end is only reached if the digest is right. What the
    /// method leaves unread, or if it fails, is read nevertheless, to check the digest; its exception is thrown only if the bytes
    /// were right. OperationCanceledException alone ends everything at once.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the method returned for the right bytes.</returns>
    /// <exception cref="RegistryException">The blob cannot be had, or has another digest at each host.</exception>
    public Task<T> ReadBlobAsync<T>(
        ImageReference image, RegistryDescriptor blob, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(blob);
        ArgumentNullException.ThrowIfNull(read);
        return _blobs.ReadAsync(image, blob, read, static _ => { }, cancellationToken);
    }

    /// <summary>Fetches a blob as <see cref="ReadBlobAsync{T}"/> does, and tells which hosts sent it.</summary>
    /// <param name="image">The image that the blob belongs to.</param>
    /// <param name="blob">The blob, from the image's manifest.</param>
    /// <param name="read">Reads the blob from a stream, as there.</param>
    /// <param name="sentBy">Called once, when the bytes were right: with the hosts that any of them came from, mirrors or the registry, each with its port if it has one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the method returned for the right bytes.</returns>
    /// <exception cref="RegistryException">The blob cannot be had, or has another digest at each host.</exception>
    public Task<T> ReadBlobWithHostsAsync<T>(
        ImageReference image, RegistryDescriptor blob, Func<Stream, CancellationToken, Task<T>> read, Action<IReadOnlyList<string>> sentBy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(blob);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(sentBy);
        return _blobs.ReadAsync(image, blob, read, sentBy, cancellationToken);
    }

    /// <summary>
    /// Opens a part of a blob, such as some files of a layer. Lost connections are made again, and hosts that fail, or send the
    /// whole blob instead, are replaced by others. The bytes are not verified: the caller has to do that.
    /// </summary>
    /// <param name="image">The image that the blob belongs to.</param>
    /// <param name="blob">The blob, from the image's manifest.</param>
    /// <param name="range">The part.</param>
    /// <param name="cancellationToken">Gives up, also while the stream is read.</param>
    /// <returns>
    /// A stream that is read once and forward. No host is asked before the first read. If the part cannot be had, reads fail with
    /// an IOException, whose cause is a <see cref="RegistryException"/>. The stream must be disposed; its end need not be reached.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The blob has no such part.</exception>
    public Stream OpenBlobRange(ImageReference image, RegistryDescriptor blob, BlobRange range, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(blob);
        ArgumentOutOfRangeException.ThrowIfNegative(range.Start, nameof(range));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(range.End, range.Start, nameof(range));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.End, blob.Size, nameof(range));
        return _blobs.Open(image, blob, range, cancellationToken);
    }

    /// <summary>Asks the hosts of a registry whether they answer, with the node's credentials, for the command <c>check</c>.</summary>
    /// <param name="registry">The host of images' references, such as <c>docker.io</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A finding for each host, in the order in which they are asked, or one if the configuration is wrong.</returns>
    public async Task<IReadOnlyList<SnapshotterCheckResult>> CheckAsync(string registry, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(registry);
        try
        {
            return await Task.WhenAll(_pool.All(registry).Select(endpoint => CheckAsync(endpoint, registry, cancellationToken))).ConfigureAwait(false);
        }
        catch (RegistryException exception)
        {
            return [SnapshotterCheckResult.Wrong(exception.Message, "correct the file")];
        }
    }

    /// <summary>Closes all connections. What is being fetched fails.</summary>
    public void Dispose()
    {
        _pool.Dispose();
        _limits.Connections.Dispose();
    }

    private static IEnumerable<ICredentialSource> Sources(RegistryOptions options)
    {
        var program = new CredentialProgram(options.CredentialTimeout, options.TimeProvider);
        foreach (var path in options.DockerConfigs)
            yield return new DockerConfig(path, program);
        if (options is { CredentialProviderConfig: { } configuration, CredentialProviderBinDirectory: { } directory })
            yield return new KubeletProviders(configuration, directory, program, options.TimeProvider);
    }

    private static async Task<SnapshotterCheckResult> CheckAsync(RegistryEndpoint endpoint, string registry, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await endpoint.SendAsync(new(registry, "", ""), cancellationToken).ConfigureAwait(false);
            return SnapshotterCheckResult.Ok($"{endpoint.Name} answers, and {(endpoint.Granted("") is not { } grant ? "asks for no credentials" : grant.IsAnonymous ? "asks for no credentials of the node" : "accepts the node's credentials")}");
        }
        catch (RegistryException exception)
        {
            return SnapshotterCheckResult.Warning(exception.Message, "images of such a host are fetched from another one, or by containerd");
        }
    }
}
