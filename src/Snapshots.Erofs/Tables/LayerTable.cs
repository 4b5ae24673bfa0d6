using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots.Erofs.Tables;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Where a layer's table of contents is, and the digests that it must have. Both come from the layer's descriptor in the image's
/// manifest: a table that the manifest does not vouch for is never used.
/// </summary>
public sealed class LayerTable
{
    /// <summary>The most bytes of a table as it is stored, and without compression: 64 MiB and 256 MiB.</summary>
    public const int MaxStoredLength = 64 << 20, MaxLength = 256 << 20;

    private const string StargzDigest = "containerd.io/snapshot/stargz/toc.digest";
    private const string Checksum = "zstd-chunked.manifest-checksum", Position = "zstd-chunked.manifest-position";

    // Podman's tools wrote the second prefix until 2023; the tools of eStargz write it today.
    private const string Prefix = "io.github.containers.", OldPrefix = "io.containers.";

    private LayerTable(LayerTableKind kind, long layerSize) => (Kind, LayerSize) = (kind, layerSize);

    /// <summary>The kind of the table.</summary>
    public LayerTableKind Kind { get; }

    /// <summary>The size of the layer's blob, in bytes.</summary>
    public long LayerSize { get; }

    /// <summary>The digest of the table without compression; null if only <see cref="StoredDigest"/> is known.</summary>
    public SnapshotDigest? Digest { get; private init; }

    /// <summary>The digest of the table as it is stored; null if only <see cref="Digest"/> is known.</summary>
    public SnapshotDigest? StoredDigest { get; private init; }

    /// <summary>Where the table is, or null: the layer's end says it.</summary>
    internal TablePlace? Place { get; private init; }

    /// <summary>Looks in a layer's descriptor for a table of contents.</summary>
    /// <param name="mediaType">The media type.</param>
    /// <param name="size">The size of the blob, in bytes.</param>
    /// <param name="annotations">The annotations.</param>
    /// <param name="table">The table, or null.</param>
    /// <param name="reason">
    /// Why there is none, or none that can be used: one sentence without a full stop. Null if there is one.
    /// </param>
    public static bool TryFind(
        string mediaType, long size, IReadOnlyDictionary<string, string> annotations, [NotNullWhen(true)] out LayerTable? table, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        ArgumentNullException.ThrowIfNull(annotations);
        reason = Find(mediaType, size, annotations, out table);
        return table is not null && reason is null;
    }

    private static string? Find(string mediaType, long size, IReadOnlyDictionary<string, string> annotations, out LayerTable? table)
    {
        table = null;
        var hasStargz = annotations.TryGetValue(StargzDigest, out var stargz);
        var hasNew = annotations.TryGetValue(Prefix + Checksum, out var checksum);
        var hasOld = annotations.TryGetValue(OldPrefix + Checksum, out var oldChecksum);
        if (!hasStargz && !hasNew && !hasOld)
            return "the manifest vouches for no table of contents of the layer";
        if (hasNew && (hasStargz || hasOld))
            return "the layer has tables of contents of both kinds, eStargz and zstd:chunked";
        if (mediaType.EndsWith("encrypted", StringComparison.Ordinal))
            return "the layer is encrypted";

        SnapshotDigest? digest = null, storedDigest = null;
        if (hasStargz && !TryParse(stargz, out digest))
            return $"the annotation {StargzDigest} is not a SHA-256 digest";
        if ((hasNew || hasOld) && !TryParse(checksum ?? oldChecksum, out storedDigest))
            return $"the annotation {(hasNew ? Prefix : OldPrefix)}{Checksum} is not a SHA-256 digest";

        var isZstd = mediaType.EndsWith("zstd", StringComparison.Ordinal);
        if (storedDigest is not null && !isZstd)
            return $"the layer's media type {Show(mediaType)} is not the one of zstd:chunked";

        var place = default(TablePlace?);
        if (annotations.TryGetValue((hasNew ? Prefix : OldPrefix) + Position, out var position) && isZstd)
        {
            if (!TablePlace.TryParse(position, out var parsed))
                return $"the annotation {(hasNew ? Prefix : OldPrefix)}{Position} is not a position";
            if (parsed.Check(size) is { } wrong)
                return wrong;

            place = parsed;
        }

        table = new(!isZstd ? LayerTableKind.EStargz : hasStargz ? LayerTableKind.ZstdStargz : LayerTableKind.ZstdChunked, size)
        {
            Digest = digest,
            StoredDigest = storedDigest,
            Place = place,
        };
        return null;
    }

    private static bool TryParse(string? text, out SnapshotDigest? digest) =>
        SnapshotDigest.TryParse(text ?? "", out digest) && digest.Algorithm == "sha256";

    private static string Show(string mediaType) => mediaType.Length > 100 ? mediaType[..100] : mediaType;
}
