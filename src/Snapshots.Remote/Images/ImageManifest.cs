namespace Containerd.Snapshots.Remote;

/// <summary>
/// The manifest of an image: OCI's, or version 2, schema 2 of docker's. It has passed its digest, is at most 4 MiB long, as
/// containerd has it, and has at most 512 layers, all of known types.
/// </summary>
/// <param name="Digest">The manifest's own digest.</param>
/// <param name="Config">The image's configuration, which has the diff IDs.</param>
/// <param name="Layers">The layers in order, from the base.</param>
public sealed record ImageManifest(SnapshotDigest Digest, RegistryDescriptor Config, IReadOnlyList<RegistryDescriptor> Layers);

/// <summary>What a reference leads to at the moment.</summary>
/// <param name="Image">The reference that was asked for.</param>
/// <param name="Target">The digest of the manifest or index that the reference names.</param>
/// <param name="Manifest">The manifest for this machine's platform.</param>
public sealed record ResolvedImage(ImageReference Image, SnapshotDigest Target, ImageManifest Manifest);
