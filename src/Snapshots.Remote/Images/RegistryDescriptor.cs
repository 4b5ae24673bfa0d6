namespace Containerd.Snapshots.Remote;

/// <summary>What a manifest says of a blob: an OCI descriptor. Its <c>urls</c> are ignored: all comes from the registry.</summary>
/// <param name="MediaType">The media type, such as <c>application/vnd.oci.image.layer.v1.tar+gzip</c>.</param>
/// <param name="Digest">The digest of the blob, as the registry stores it.</param>
/// <param name="Size">The size of the blob in bytes, 0 or more.</param>
public sealed record RegistryDescriptor(string MediaType, SnapshotDigest Digest, long Size)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The annotations, such as where a lazy layer's table of contents is; empty for none. They are what the image's author says.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = None;
}
