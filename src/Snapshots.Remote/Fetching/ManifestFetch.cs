using Containerd.Snapshots.Remote.Hosts;
using Containerd.Snapshots.Remote.Http;
using Containerd.Snapshots.Remote.Images;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>Fetches manifests, and follows indexes to the one of this machine's platform.</summary>
internal sealed class ManifestFetch(EndpointPool pool, BadSources bad, Patience patience, ILogger logger)
{
    // An index may list others; nobody needs more than this.
    private const int MaxIndexes = 4;

    /// <summary>Fetches the manifest that a digest leads to.</summary>
    public async Task<ImageManifest> GetAsync(ImageReference image, SnapshotDigest digest, CancellationToken cancellationToken)
    {
        var fetched = await FetchAsync(image, digest.ToString(), digest, HostCapabilities.Pull, cancellationToken).ConfigureAwait(false);
        return await FollowAsync(image, fetched, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks what a reference leads to at the moment.</summary>
    public async Task<ResolvedImage> ResolveAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (image is { Tag: null, Digest: null })
            throw new RegistryException(RegistryError.Invalid, $"{image} has neither a tag nor a digest");

        var fetched = image.Digest is { } digest
            ? await FetchAsync(image, digest.ToString(), digest, HostCapabilities.Pull, cancellationToken).ConfigureAwait(false)
            : await FetchAsync(image, image.Tag!, digest: null, HostCapabilities.Resolve, cancellationToken).ConfigureAwait(false);
        return new(image, fetched.Digest, await FollowAsync(image, fetched, cancellationToken).ConfigureAwait(false));
    }

    private async Task<ImageManifest> FollowAsync(ImageReference image, FetchedDocument fetched, CancellationToken cancellationToken)
    {
        for (var indexes = 0; ; indexes++)
        {
            if (Read(image, fetched) is not ImageIndex index)
                return (ImageManifest)Read(image, fetched);
            if (indexes == MaxIndexes)
                throw Invalid(image, fetched, $"it leads through more than {MaxIndexes} indexes");

            var next = index.Pick(ImagePlatform.OfThisMachine)
                ?? throw new RegistryException(RegistryError.NotFound, $"{image.Host}/{image.Repository} has no image for linux/{ImagePlatform.OfThisMachine[0].Architecture} in the index {fetched.Digest}");
            fetched = await FetchAsync(image, next.Digest.ToString(), next.Digest, HostCapabilities.Pull, cancellationToken).ConfigureAwait(false);
        }
    }

    private static object Read(ImageReference image, FetchedDocument fetched)
    {
        try
        {
            return ManifestDocument.Read(fetched.Bytes, fetched.Digest, fetched.ContentType);
        }
        catch (FormatException exception)
        {
            throw Invalid(image, fetched, exception.Message, exception);
        }
    }

    private async Task<FetchedDocument> FetchAsync(ImageReference image, string name, SnapshotDigest? digest, HostCapabilities needed, CancellationToken cancellationToken)
    {
        var endpoints = pool.Of(image.Host, needed);
        var sources = new Sources(digest is null ? endpoints : bad.Without(endpoints, digest), $"the manifest {name} of {image.Host}/{image.Repository}", patience, logger);
        var request = new RegistryRequest(image.Host, image.Repository, $"manifests/{name}") { Accept = MediaTypes.Manifests };
        while (true)
        {
            var source = await sources.NextAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var fetched = await FetchAsync(source.Endpoint, request, image, digest, cancellationToken).ConfigureAwait(false);
                sources.Progressed(source);
                return fetched;
            }
            catch (RegistryException exception)
            {
                if (exception.Error == RegistryError.WrongDigest)
                    bad.Remember(source.Endpoint, digest!, exception);
                sources.Failed(source, exception);
            }
        }
    }

    private async Task<FetchedDocument> FetchAsync(RegistryEndpoint endpoint, RegistryRequest request, ImageReference image, SnapshotDigest? digest, CancellationToken cancellationToken)
    {
        using var response = await endpoint.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var bytes = await BoundedBody.ReadAsync(response, ManifestDocument.MaxSize, endpoint.Name, patience, cancellationToken).ConfigureAwait(false)
            ?? throw new RegistryException(RegistryError.Invalid, $"{endpoint.Name} sends more than 4 MiB as {request.What}");

        var found = Digests.Of(bytes, digest?.Algorithm ?? "sha256");
        return digest is null || found == digest
            ? new(bytes, found, response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString().Split(';')[0].Trim() : null)
            : throw RegistryException.WrongDigest(endpoint.Name, image.Repository, digest, found);
    }

    private static RegistryException Invalid(ImageReference image, FetchedDocument fetched, string why, Exception? cause = null) =>
        new(RegistryError.Invalid, $"the manifest {fetched.Digest} of {image.Host}/{image.Repository} cannot be used: {why}", cause);
}

/// <summary>A manifest or index as it was fetched.</summary>
/// <param name="Bytes">The document.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="ContentType">What the registry calls it, or null.</param>
internal sealed record FetchedDocument(byte[] Bytes, SnapshotDigest Digest, string? ContentType);
