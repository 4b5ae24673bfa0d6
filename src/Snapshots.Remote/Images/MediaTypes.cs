namespace Containerd.Snapshots.Remote.Images;

/// <summary>The media types of images.</summary>
internal static class MediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json", OciIndex = "application/vnd.oci.image.index.v1+json";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json", DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>What is asked for by digest or tag. containerd asks for the same, and for anything else as well.</summary>
    public const string Manifests = $"{DockerManifest}, {DockerList}, {OciManifest}, {OciIndex}";

    private static readonly HashSet<string> Layers =
    [
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.zstd",
    ];

    public static bool IsLayer(string mediaType) => Layers.Contains(mediaType);

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;

    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest;
}
