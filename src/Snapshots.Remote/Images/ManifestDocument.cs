using System.Text.Json;

namespace Containerd.Snapshots.Remote.Images;

/// <summary>Reads manifests and indexes. They come from a registry: nothing about them is certain but their digest.</summary>
internal static class ManifestDocument
{
    /// <summary>The maximum size of a manifest or index in bytes: containerd's.</summary>
    public const int MaxSize = 4 << 20;

    private const int MaxLayers = 512, MaxAnnotations = 256, MaxText = 4096;

    // Deeper than any manifest: annotations of a descriptor are at depth 4.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Reads a document.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="digest">Its digest, which it has passed.</param>
    /// <param name="contentType">What the registry calls it, for a document that does not say what it is; or null.</param>
    /// <returns>An <see cref="ImageManifest"/> or an <see cref="ImageIndex"/>.</returns>
    /// <exception cref="FormatException">It is neither. The message says why, and has nothing of the document but a media type.</exception>
    public static object Read(ReadOnlyMemory<byte> bytes, SnapshotDigest digest, string? contentType)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is not a JSON object");

            return Kind(root, contentType) is var type && MediaTypes.IsIndex(type) ? ReadIndex(root)
                : MediaTypes.IsManifest(type) ? ReadManifest(root, digest)
                : throw new FormatException($"its type {Shown(type)} is not a manifest of an image");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with a lone surrogate.
            throw new FormatException("it is not valid JSON", exception);
        }
    }

    // One document must not be read as a manifest by one program and as an index by another (CVE-2021-41190).
    private static string Kind(JsonElement root, string? contentType)
    {
        var (isManifest, isIndex) = (root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _), root.TryGetProperty("manifests", out _));
        if (isManifest && isIndex)
            throw new FormatException("it is both a manifest and an index");

        if (root.TryGetProperty("schemaVersion", out var version) && version.ValueKind == JsonValueKind.Number && !(version.TryGetInt32(out var number) && number == 2))
            throw new FormatException("its schemaVersion is not 2");

        var type = Text(root, "mediaType") is { Length: > 0 } own ? own : contentType ?? "";
        return MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type) ? type
            : type.Length > 0 && root.TryGetProperty("mediaType", out _) ? type
            : isIndex ? MediaTypes.OciIndex
            : isManifest ? MediaTypes.OciManifest
            : type;
    }

    private static ImageManifest ReadManifest(JsonElement root, SnapshotDigest digest)
    {
        var layers = new List<RegistryDescriptor>();
        foreach (var element in Items(root, "layers"))
        {
            if (layers.Count == MaxLayers)
                throw new FormatException($"it has more than {MaxLayers} layers");

            var layer = ReadDescriptor(element);
            if (!MediaTypes.IsLayer(layer.MediaType))
                throw new FormatException($"layer {layers.Count + 1} has the unknown type {Shown(layer.MediaType)}");
            layers.Add(layer);
        }

        return root.TryGetProperty("config", out var config)
            ? new ImageManifest(digest, ReadDescriptor(config), layers)
            : throw new FormatException("it has no config");
    }

    private static ImageIndex ReadIndex(JsonElement root) => new([.. Items(root, "manifests").Select(element => new IndexEntry(ReadDescriptor(element), ReadPlatform(element)))]);

    private static ImagePlatform? ReadPlatform(JsonElement element) =>
        element.TryGetProperty("platform", out var platform) && platform.ValueKind == JsonValueKind.Object
            ? new(Text(platform, "os"), Text(platform, "architecture"), Text(platform, "variant"))
            : null;

    private static RegistryDescriptor ReadDescriptor(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException("a descriptor is not a JSON object");
        if (!SnapshotDigest.TryParse(Text(element, "digest"), out var digest))
            throw new FormatException("a descriptor has no valid digest");
        if (!element.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes < 0)
            throw new FormatException("a descriptor has no valid size");

        var descriptor = new RegistryDescriptor(Text(element, "mediaType"), digest, bytes);
        return element.TryGetProperty("annotations", out var annotations) && annotations.ValueKind == JsonValueKind.Object
            ? descriptor with { Annotations = ReadAnnotations(annotations) }
            : descriptor;
    }

    private static Dictionary<string, string> ReadAnnotations(JsonElement annotations)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var annotation in annotations.EnumerateObject())
        {
            if (read.Count == MaxAnnotations)
                throw new FormatException($"a descriptor has more than {MaxAnnotations} annotations");
            if (annotation.Value.ValueKind == JsonValueKind.String)
                read[annotation.Name] = annotation.Value.GetString()!;
        }

        return read;
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null ? []
            : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray()
            : throw new FormatException($"its \"{name}\" is not a list");

    // Empty where it is missing.
    private static string Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? ""
            : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxText } text ? text
            : throw new FormatException($"a \"{name}\" is not a text, or too long");

    private static string Shown(string type) =>
        type.Length is > 0 and <= 128 && type.All(character => char.IsAsciiLetterOrDigit(character) || "/.+-_".Contains(character, StringComparison.Ordinal))
            ? $"\"{type}\""
            : "(none)";
}
