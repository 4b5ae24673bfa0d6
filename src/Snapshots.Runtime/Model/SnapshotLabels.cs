using Containerd.Snapshots.Runtime.Model;

namespace Containerd.Snapshots;

/// <summary>
/// The labels that containerd itself gives a meaning, and its rules for labels. A label's key and value together are at
/// most <see cref="MaxLength"/> bytes; a label with an empty value is not stored.
/// </summary>
public static class SnapshotLabels
{
    /// <summary>The most bytes that containerd accepts for a label's key and value together.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// At Prepare of a layer: the name that the committed snapshot will get. A snapshotter that has the layer already
    /// commits it under that name, with this label, and answers AlreadyExists: containerd then skips the download.
    /// </summary>
    public const string SnapshotRef = "containerd.io/snapshot.ref";

    /// <summary>At Prepare of a layer: the digest of the uncompressed layer. containerd 2.3 and newer.</summary>
    public const string DiffId = "containerd.io/snapshot/diff-id";

    /// <summary>At Prepare of a layer: the chain id of the layers below it. containerd 2.3 and newer.</summary>
    public const string ParentChainId = "containerd.io/snapshot/parent-chain-id";

    /// <summary>
    /// The user ids of a container's user namespace, as <c>container:host:size[,...]</c>. The snapshot's root directory
    /// then belongs to the host's id of the container's root.
    /// </summary>
    public const string UidMapping = "containerd.io/snapshot/uidmapping";

    /// <summary>The group ids of a container's user namespace, as in <see cref="UidMapping"/>.</summary>
    public const string GidMapping = "containerd.io/snapshot/gidmapping";

    /// <summary>At Prepare of a layer through CRI: the reference of the image, as it was asked for.</summary>
    public const string ImageRef = "containerd.io/snapshot/cri.image-ref";

    /// <summary>At Prepare of a layer through CRI: the digest of the image's manifest.</summary>
    public const string ManifestDigest = "containerd.io/snapshot/cri.manifest-digest";

    /// <summary>At Prepare of a layer through CRI: the digest of the layer, as the registry stores it.</summary>
    public const string LayerDigest = "containerd.io/snapshot/cri.layer-digest";

    /// <summary>
    /// At Prepare of a layer through CRI: the digests of this layer and those above it, parted by commas, cut to fit
    /// <see cref="MaxLength"/>.
    /// </summary>
    public const string ImageLayers = "containerd.io/snapshot/cri.image-layers";

    /// <summary>Keeps a snapshot, and all that it needs, from containerd's garbage collection. The value is a time.</summary>
    public const string GarbageCollectionRoot = "containerd.io/gc.root";

    /// <summary>The labels to store of those that a call brings: all but those with an empty value.</summary>
    /// <param name="labels">The labels of a Prepare, View, Commit or Update.</param>
    public static IReadOnlyDictionary<string, string> ToStore(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return ValueDictionary.Of(WithoutEmpty(labels));
    }

    /// <summary>
    /// The labels of a snapshot after an Update, by containerd's rules. Without field paths, or with <c>labels</c>, all
    /// labels are replaced. <c>labels.KEY</c> sets that one, or removes it where the update has none or an empty one;
    /// a key may contain dots.
    /// </summary>
    /// <param name="current">The labels that the snapshot has.</param>
    /// <param name="update">The info that the Update brings.</param>
    /// <param name="fieldPaths">The field paths that the Update brings.</param>
    /// <exception cref="SnapshotterException">InvalidArgument: a path is not about labels; nothing else can change.</exception>
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
