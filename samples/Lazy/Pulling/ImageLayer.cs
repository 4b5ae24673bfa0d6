using Containerd.Snapshots;
using Containerd.Snapshots.Remote;
using Samples.Lazy.Layers;

namespace Samples.Lazy.Pulling;

/// <summary>A layer of an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="Manifest">The digest of the image's manifest.</param>
/// <param name="Descriptor">Where the layer is in the registry.</param>
/// <param name="DiffId">The digest that it has without compression.</param>
/// <param name="ChainId">The name of its snapshot.</param>
/// <param name="Below">The layer below it; null for the base.</param>
internal sealed record ImageLayer(
    ImageReference Image, SnapshotDigest Manifest, RegistryDescriptor Descriptor, SnapshotDigest DiffId, SnapshotDigest ChainId, ImageLayer? Below)
{
    /// <summary>Until when the layer stays on the disk without a snapshot.</summary>
    public DateTimeOffset KeptUntil { get; init; }

    public LayerRecord ToRecord(LayerState state) => new()
    {
        Digest = Descriptor.Digest.ToString(),
        Image = Image.ToString(),
        Manifest = Manifest.ToString(),
        State = state,
        Size = Descriptor.Size,
        Time = DateTimeOffset.UtcNow,
        KeptUntil = KeptUntil,
    };
}
