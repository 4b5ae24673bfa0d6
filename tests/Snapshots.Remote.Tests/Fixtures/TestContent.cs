using System.Security.Cryptography;
using System.Text;

namespace Containerd.Snapshots.Tests.Remote;

/// <summary>An image as a registry stores it: layers of random bytes, a configuration, a manifest, and an index if wanted.</summary>
internal sealed class TestContent
{
    private readonly Dictionary<string, (byte[] Bytes, string Type)> _parts = [];

    /// <summary>All parts by digest.</summary>
    public IReadOnlyDictionary<string, (byte[] Bytes, string Type)> Parts => _parts;

    public IReadOnlyList<RegistryDescriptor> Layers { get; private set; } = [];

    public SnapshotDigest Manifest { get; private set; } = null!;

    /// <summary>What the tag leads to.</summary>
    public SnapshotDigest Target { get; private set; } = null!;

    public static TestContent Of(params int[] layerSizes)
    {
        var content = new TestContent();
        var random = new Random(layerSizes.Sum());
        content.Layers = [.. layerSizes.Select(size => content.AddLayer(random, size))];
        var config = content.Add("{}"u8.ToArray(), "application/vnd.oci.image.config.v1+json");
        content.Manifest = content.Target = content.Add(Encoding.UTF8.GetBytes($$"""
            {
              "schemaVersion": 2,
              "mediaType": "application/vnd.oci.image.manifest.v1+json",
              "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{config}}", "size": 2 },
              "layers": [ {{string.Join(", ", content.Layers.Select(layer => $$"""{ "mediaType": "{{layer.MediaType}}", "digest": "{{layer.Digest}}", "size": {{layer.Size}} }"""))}} ]
            }
            """), "application/vnd.oci.image.manifest.v1+json");
        return content;
    }

    /// <summary>The same behind an index, with an image for another platform before it.</summary>
    public TestContent WithIndex(string architecture)
    {
        var other = Digest("other"u8);
        Target = Add(Encoding.UTF8.GetBytes($$"""
            {
              "schemaVersion": 2,
              "mediaType": "application/vnd.oci.image.index.v1+json",
              "manifests": [
                { "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "{{other}}", "size": 5, "platform": { "os": "plan9", "architecture": "amd64" } },
                { "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "{{Manifest}}", "size": {{_parts[Manifest.ToString()].Bytes.Length}}, "platform": { "os": "linux", "architecture": "{{architecture}}" } }
              ]
            }
            """), "application/vnd.oci.image.index.v1+json");
        return this;
    }

    public byte[] Bytes(RegistryDescriptor descriptor) => _parts[descriptor.Digest.ToString()].Bytes;

    public static SnapshotDigest Digest(ReadOnlySpan<byte> bytes) =>
        SnapshotDigest.TryParse($"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", out var digest) ? digest : throw new InvalidOperationException();

    /// <summary>Adds a document of a test's own, and makes it the tag's target.</summary>
    public SnapshotDigest Add(string document, string type) => Target = Add(Encoding.UTF8.GetBytes(document), type);

    private RegistryDescriptor AddLayer(Random random, int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return new("application/vnd.oci.image.layer.v1.tar+gzip", Add(bytes, "application/octet-stream"), size);
    }

    private SnapshotDigest Add(byte[] bytes, string type)
    {
        var digest = Digest(bytes);
        _parts[digest.ToString()] = (bytes, type);
        return digest;
    }
}
