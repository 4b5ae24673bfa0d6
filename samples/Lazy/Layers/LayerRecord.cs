using System.Text.Json.Serialization;
using Containerd.Snapshots.Erofs;

namespace Samples.Lazy.Layers;

/// <summary>What is known of a layer: the file ROOT/layers/NAME.json, which the command <c>layers</c> reads.</summary>
internal sealed record LayerRecord
{
    /// <summary>The layer's digest.</summary>
    public required string Digest { get; init; }

    /// <summary>The image that it was asked for with, and the digest of that image's manifest.</summary>
    public required string Image { get; init; }

    /// <inheritdoc cref="Image"/>
    public required string Manifest { get; init; }

    public required LayerState State { get; init; }

    /// <summary>The size in the registry, in bytes; 0 if it is not known.</summary>
    public long Size { get; init; }

    /// <summary>How much of <see cref="Size"/> has arrived.</summary>
    public long Fetched { get; init; }

    /// <summary>The hosts that sent it, mirrors or the registry; null until it is complete.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Why containerd has to unpack the layer, or why the layer is refused; or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Why the layer is not read while it arrives; null if it is, or was.</summary>
    public string? NotLazy { get; init; }

    /// <summary>What is needed to read a lazy layer without asking for its image's manifest; null for other layers.</summary>
    public LazyRecord? Lazy { get; init; }

    /// <summary>The bytes and the inodes that its files use.</summary>
    public long DiskSize { get; init; }

    /// <inheritdoc cref="DiskSize"/>
    public long Inodes { get; init; }

    /// <summary>
    /// The chain ID of the layers below, if the layer's directories have owners and modes from them: with other layers below,
    /// it is another layer. Null otherwise.
    /// </summary>
    public string? OnlyOn { get; init; }

    /// <summary>When the record was written, in UTC.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Until when the layer stays although no snapshot has it, in UTC.</summary>
    public DateTimeOffset KeptUntil { get; init; }
}

/// <summary>Where a lazy layer's contents come from.</summary>
/// <param name="MediaType">The layer's media type.</param>
/// <param name="Table">The kind of its table of contents.</param>
internal sealed record LazyRecord(string MediaType, [property: JsonConverter(typeof(JsonStringEnumConverter<LayerTableKind>))] LayerTableKind Table);

[JsonConverter(typeof(JsonStringEnumConverter<LayerState>))]
internal enum LayerState
{
    /// <summary>It is being fetched, or will be when the program runs again.</summary>
    Fetching,

    /// <summary>
    /// Its files can be read, and arrive when they are. Each is verified, but not yet whether the layer is what its diff ID says.
    /// </summary>
    Lazy,

    /// <summary>Its image is on the disk.</summary>
    Complete,

    /// <summary>It was lazy, and is not what its diff ID says: its files cannot be read.</summary>
    Refused,

    /// <summary>containerd unpacks it.</summary>
    NotSupplied,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayerRecord))]
[JsonSerializable(typeof(IReadOnlyList<LayerRecord>))]
internal sealed partial class LayerJson : JsonSerializerContext;
