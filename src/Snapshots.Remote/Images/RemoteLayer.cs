using System.Diagnostics.CodeAnalysis;

namespace Containerd.Snapshots.Remote;

/// <summary>
/// The layer that a Prepare asks for, from the labels of that call. They come from a client of containerd, so all of them are
/// checked. Which containerd sends them, and when, is in the guide <c>docs/remote.md</c>.
/// </summary>
public sealed record RemoteLayer
{
    private RemoteLayer(ImageReference image, SnapshotDigest manifest, SnapshotDigest digest, SnapshotDigest chainId)
    {
        Image = image;
        Manifest = manifest;
        Layer = digest;
        ChainId = chainId;
    }

    /// <summary>The image's reference, as it was pulled (<see cref="SnapshotLabels.ImageRef"/>).</summary>
    public ImageReference Image { get; }

    /// <summary>The digest of the manifest for this machine's platform (<see cref="SnapshotLabels.ManifestDigest"/>).</summary>
    public SnapshotDigest Manifest { get; }

    /// <summary>The digest of the layer, as the registry stores it (<see cref="SnapshotLabels.LayerDigest"/>).</summary>
    public SnapshotDigest Layer { get; }

    /// <summary>The chain ID, the name of the committed snapshot (<see cref="SnapshotLabels.SnapshotRef"/>).</summary>
    public SnapshotDigest ChainId { get; }

    /// <summary>The digest of the uncompressed layer (<see cref="SnapshotLabels.DiffId"/>), or null: containerd before 2.3 does not tell it.</summary>
    public SnapshotDigest? DiffId { get; private init; }

    /// <summary>
    /// The chain ID of the layers below (<see cref="SnapshotLabels.ParentChainId"/>), or null: for the base layer, and from
    /// containerd before 2.3. The parent of the Prepare is the same.
    /// </summary>
    public SnapshotDigest? ParentChainId { get; private init; }

    /// <summary>Reads the labels of a Prepare.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="layer">The layer, or null.</param>
    /// <param name="reason">
    /// If there is none: one sentence, without a full stop, that says why containerd must unpack the layer. Null if the Prepare
    /// is not about a layer at all, such as a container's.
    /// </param>
    public static bool TryRead(
        IReadOnlyDictionary<string, string> labels,
        [NotNullWhen(true)] out RemoteLayer? layer,
        out string? reason)
    {
        ArgumentNullException.ThrowIfNull(labels);
        layer = null;
        reason = null;
        if (!labels.TryGetValue(SnapshotLabels.SnapshotRef, out var target) || target.Length == 0)
            return false;

        reason = Read(labels, target, out layer);
        return layer is not null;
    }

    private static string? Read(IReadOnlyDictionary<string, string> labels, string target, out RemoteLayer? layer)
    {
        layer = null;
        if (!SnapshotDigest.TryParse(target, out var chainId))
            return NotADigest(SnapshotLabels.SnapshotRef);
        if (Missing(labels) is { } missing)
            return $"containerd did not send the label {missing}: let it send what it knows of images (see the command \"config\")";
        if (!ImageReference.TryParse(labels[SnapshotLabels.ImageRef], out var image))
            return $"the label {SnapshotLabels.ImageRef} is not a full image reference";
        if (!SnapshotDigest.TryParse(labels[SnapshotLabels.ManifestDigest], out var manifest))
            return NotADigest(SnapshotLabels.ManifestDigest);
        if (!SnapshotDigest.TryParse(labels[SnapshotLabels.LayerDigest], out var digest))
            return NotADigest(SnapshotLabels.LayerDigest);
        if (!TryReadOptional(labels, SnapshotLabels.DiffId, out var diffId))
            return NotADigest(SnapshotLabels.DiffId);
        if (!TryReadOptional(labels, SnapshotLabels.ParentChainId, out var parent))
            return NotADigest(SnapshotLabels.ParentChainId);

        layer = new(image, manifest, digest, chainId) { DiffId = diffId, ParentChainId = parent };
        return null;
    }

    private static string? Missing(IReadOnlyDictionary<string, string> labels)
    {
        string[] needed = [SnapshotLabels.ImageRef, SnapshotLabels.ManifestDigest, SnapshotLabels.LayerDigest];
        return Array.Find(needed, label => string.IsNullOrEmpty(labels.GetValueOrDefault(label)));
    }

    private static bool TryReadOptional(IReadOnlyDictionary<string, string> labels, string label, out SnapshotDigest? digest)
    {
        digest = null;
        return labels.GetValueOrDefault(label) is not { Length: > 0 } text || SnapshotDigest.TryParse(text, out digest);
    }

    private static string NotADigest(string label) => $"the label {label} is not a digest";
}
