using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Containerd.Snapshots;

namespace Samples.Lazy.Pulling;

/// <summary>The chain IDs of an image's layers, from its configuration.</summary>
internal static class ImageConfiguration
{
    /// <summary>More is no configuration. containerd reads up to 8 MiB.</summary>
    private const int MaxLength = 8 << 20;

    /// <summary>Reads the diff IDs of the layers, from the base.</summary>
    /// <exception cref="InvalidDataException">It is no configuration.</exception>
    public static async Task<IReadOnlyList<SnapshotDigest>> ReadDiffIdsAsync(Stream configuration, CancellationToken cancellationToken)
    {
        var buffer = new MemoryStream();
        var part = new byte[64 << 10];
        while (await configuration.ReadAsync(part, cancellationToken) is > 0 and var count)
        {
            if (buffer.Length + count > MaxLength)
                throw new InvalidDataException($"the image's configuration is longer than {MaxLength} bytes");

            buffer.Write(part, 0, count);
        }

        try
        {
            buffer.Position = 0;
            var read = await JsonSerializer.DeserializeAsync(buffer, ImageJson.Default.ImageText, cancellationToken);
            return [.. (read?.RootFs?.DiffIds ?? []).Select(Parse)];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("the image's configuration is not valid JSON", exception);
        }
    }

    /// <summary>The chain ID of each layer: the first one's diff ID, then the digest of the one below, a space and the diff ID.</summary>
    /// <remarks>https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid</remarks>
    public static IReadOnlyList<SnapshotDigest> ChainIdsOf(IReadOnlyList<SnapshotDigest> diffIds)
    {
        var chain = new List<SnapshotDigest>();
        foreach (var diffId in diffIds)
            chain.Add(chain.Count == 0 ? diffId : Parse($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{chain[^1]} {diffId}")))}"));

        return chain;
    }

    private static SnapshotDigest Parse(string? text) => SnapshotDigest.TryParse(text, out var digest)
        ? digest
        : throw new InvalidDataException("the image's configuration has a diff ID that is not a digest");
}

internal sealed record ImageText([property: JsonPropertyName("rootfs")] RootFsText? RootFs);

internal sealed record RootFsText([property: JsonPropertyName("diff_ids")] IReadOnlyList<string?>? DiffIds);

[JsonSerializable(typeof(ImageText))]
internal sealed partial class ImageJson : JsonSerializerContext;
