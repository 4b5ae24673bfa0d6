using System.Text.Json.Serialization;

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

    /// <summary>Why containerd has to unpack the layer, or null.</summary>
    public string? Reason { get; init; }

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

[JsonConverter(typeof(JsonStringEnumConverter<LayerState>))]
internal enum LayerState
{
    /// <summary>It is being fetched, or will be when the program runs again.</summary>
    Fetching,

    /// <summary>Its image is on the disk.</summary>
    Complete,

    /// <summary>containerd unpacks it.</summary>
    NotSupplied,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayerRecord))]
[JsonSerializable(typeof(IReadOnlyList<LayerRecord>))]
internal sealed partial class LayerJson : JsonSerializerContext;
