using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// The labels that have a meaning in containerd, and its rules for labels. A label's key and value together have at most
/// <see cref="MaxLength"/> bytes; a label with an empty value is not stored.
/// </summary>
public static class SnapshotLabels
{
    /// <summary>The maximum length of a label's key and value together, in bytes.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// At Prepare of a layer: the name that the committed snapshot will get. A snapshotter that already has the layer
    /// commits it under that name, with this label, and answers AlreadyExists. containerd then skips the download.
    /// </summary>
    public const string SnapshotRef = "containerd.io/snapshot.ref";

    /// <summary>At Prepare of a layer: the digest of the uncompressed layer. containerd 2.3 and newer.</summary>
    public const string DiffId = "containerd.io/snapshot/diff-id";

    /// <summary>At Prepare of a layer: the chain id of the layers below it. containerd 2.3 and newer.</summary>
    public const string ParentChainId = "containerd.io/snapshot/parent-chain-id";

    /// <summary>
    /// The user id mapping of a container's user namespace, as <c>container:host:size[,...]</c>. The snapshot's root
    /// directory then belongs to the host id of the container's root user.
    /// </summary>
    public const string UidMapping = "containerd.io/snapshot/uidmapping";

    /// <summary>The group id mapping of a container's user namespace, in the format of <see cref="UidMapping"/>.</summary>
    public const string GidMapping = "containerd.io/snapshot/gidmapping";

    /// <summary>At Prepare of a layer through CRI: the image's reference, as requested.</summary>
    public const string ImageRef = "containerd.io/snapshot/cri.image-ref";

    /// <summary>At Prepare of a layer through CRI: the digest of the image's manifest.</summary>
    public const string ManifestDigest = "containerd.io/snapshot/cri.manifest-digest";

    /// <summary>At Prepare of a layer through CRI: the digest of the layer, as the registry stores it.</summary>
    public const string LayerDigest = "containerd.io/snapshot/cri.layer-digest";

    /// <summary>
    /// At Prepare of a layer through CRI: the digests of this layer and those above it, separated by commas, cut to fit
    /// <see cref="MaxLength"/>.
    /// </summary>
    public const string ImageLayers = "containerd.io/snapshot/cri.image-layers";

    /// <summary>Protects a snapshot and its parents from containerd's garbage collection. The value is a time.</summary>
    public const string GarbageCollectionRoot = "containerd.io/gc.root";

    /// <summary>Returns the labels of a request that must be stored: all except those with an empty value.</summary>
    /// <param name="labels">The labels of a Prepare, View, Commit or Update.</param>
    public static IReadOnlyDictionary<string, string> ToStore(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return ValueDictionary.Of(WithoutEmpty(labels));
    }

    /// <summary>
    /// Returns a snapshot's labels after an Update, by containerd's rules. Without field paths, or with <c>labels</c>, all
    /// labels are replaced. <c>labels.KEY</c> sets one label, or removes it if the update has no value or an empty value
    /// for it; a key may contain dots.
    /// </summary>
    /// <param name="current">The snapshot's current labels.</param>
    /// <param name="update">The Update request's info.</param>
    /// <param name="fieldPaths">The Update request's field paths.</param>
    /// <exception cref="SnapshotterException">InvalidArgument: a path names another field, but only labels can change.</exception>
    public static IReadOnlyDictionary<string, string> Update(
        IReadOnlyDictionary<string, string> current,
        SnapshotInfo update,
        IReadOnlyList<string> fieldPaths)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(fieldPaths);

        if (fieldPaths.Count == 0)
            return ToStore(update.Labels);

        var labels = new Dictionary<string, string>(current, StringComparer.Ordinal);
        foreach (var path in fieldPaths)
            Apply(path, update.Labels, labels);

        return ValueDictionary.Of(WithoutEmpty(labels));
    }

    private static void Apply(string path, IReadOnlyDictionary<string, string> update, Dictionary<string, string> labels)
    {
        const string All = "labels", One = "labels.";

        if (path == All)
        {
            labels.Clear();
            foreach (var (key, value) in update)
                labels[key] = value;
        }
        else if (path.StartsWith(One, StringComparison.Ordinal))
        {
            var key = path[One.Length..];
            labels[key] = update.GetValueOrDefault(key, "");
        }
        else
        {
            throw SnapshotterException.InvalidArgument(
                $"cannot update the field \"{path}\": only \"labels\" and \"labels.KEY\" can change");
        }
    }

    private static Dictionary<string, string> WithoutEmpty(IReadOnlyDictionary<string, string> labels) =>
        labels.Where(label => label.Value.Length > 0).ToDictionary(StringComparer.Ordinal);
}
