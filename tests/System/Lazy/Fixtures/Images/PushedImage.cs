using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>An image that was pushed to a registry.</summary>
/// <param name="Name">Its repository and tag, without the registry's address.</param>
/// <param name="Manifest">The digest of its manifest.</param>
/// <param name="Configuration">The digest of its configuration.</param>
/// <param name="Layers">Its layers, from the base.</param>
internal sealed record PushedImage(string Name, string Manifest, string Configuration, IReadOnlyList<TestLayer> Layers)
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json", ConfigurationType = "application/vnd.oci.image.config.v1+json";

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>The names of the snapshots that containerd makes of the layers, their chain IDs.</summary>
    public IReadOnlyList<string> ChainIds => Layers.Aggregate(
        new List<string>(),
        (chain, layer) => [.. chain, chain.Count == 0 ? layer.DiffId : TestLayer.DigestOf(Encoding.ASCII.GetBytes($"{chain[^1]} {layer.DiffId}"))]);

    /// <summary>The labels with which containerd asks for a layer.</summary>
    /// <param name="registry">The registry's host and port.</param>
    /// <param name="index">The layer's place, from the base.</param>
    public IReadOnlyDictionary<string, string> LabelsOf(string registry, int index) => new Dictionary<string, string>
    {
        ["containerd.io/snapshot.ref"] = ChainIds[index],
        ["containerd.io/snapshot/cri.image-ref"] = At(registry),
        ["containerd.io/snapshot/cri.manifest-digest"] = Manifest,
        ["containerd.io/snapshot/cri.layer-digest"] = Layers[index].Digest,
        ["containerd.io/snapshot/cri.image-layers"] = string.Join(',', Layers.Skip(index).Select(layer => layer.Digest)),
    };

    /// <summary>The call with which containerd asks for a layer.</summary>
    /// <inheritdoc cref="LabelsOf"/>
    public PrepareSnapshotRequest PrepareOf(string registry, int index) => new()
    {
        Key = $"layer-{index}",
        Parent = index == 0 ? "" : ChainIds[index - 1],
        Labels = { LabelsOf(registry, index).ToDictionary() },
    };

    /// <summary>Pushes an image. Its command prints the files in <c>/files</c>.</summary>
    /// <inheritdoc cref="PushAsync(string, string, IReadOnlyList{TestLayer}, IReadOnlyList{string}, string)"/>
    public static Task<PushedImage> PushAsync(string registry, string name, params IReadOnlyList<TestLayer> layers) =>
        PushAsync(registry, name, layers, [.. layers.Select(layer => layer.DiffId)]);

    /// <summary>Pushes an image whose configuration may be wrong.</summary>
    /// <param name="registry">The registry's host and port.</param>
    /// <param name="name">A repository and a tag, such as <c>test/app:1</c>.</param>
    /// <param name="layers">The layers, from the base.</param>
    /// <param name="diffIds">What the configuration says of the layers.</param>
    /// <param name="script">What a container of the image runs.</param>
    public static async Task<PushedImage> PushAsync(
        string registry, string name, IReadOnlyList<TestLayer> layers, IReadOnlyList<string> diffIds, string script = "cat /files/*")
    {
        using var client = new HttpClient { BaseAddress = new($"http://{registry}/v2/") };
        var (repository, tag) = name.Split(':') is [var first, var second] ? (first, second) : throw new ArgumentException($"\"{name}\" has no tag.", nameof(name));
        var configuration = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = Architecture,
            os = "linux",
            config = new { Env = new[] { "PATH=/bin" }, Cmd = new[] { "/bin/sh", "-c", script } },
            rootfs = new { type = "layers", diff_ids = diffIds },
        });
        foreach (var blob in layers.Select(layer => layer.Blob).Append(configuration).DistinctBy(blob => TestLayer.DigestOf(blob)))
            await PushAsync(client, repository, blob);

        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = ConfigurationType, digest = TestLayer.DigestOf(configuration), size = configuration.Length },
            layers = layers.Select(layer => new { mediaType = layer.MediaType, digest = layer.Digest, size = layer.Blob.Length, annotations = layer.Annotations }),
        });
        using var content = new ByteArrayContent(manifest) { Headers = { ContentType = new(ManifestType) } };
        using var put = await client.PutAsync($"{repository}/manifests/{tag}", content);
        put.EnsureSuccessStatusCode();
        return new(name, TestLayer.DigestOf(manifest), TestLayer.DigestOf(configuration), layers);
    }

    /// <summary>The image's reference at a registry.</summary>
    public string At(string registry) => $"{registry}/{Name}";

    private static async Task PushAsync(HttpClient client, string repository, byte[] blob)
    {
        using var begun = await client.PostAsync($"{repository}/blobs/uploads/", null);
        begun.EnsureSuccessStatusCode();
        var location = new UriBuilder(new Uri(client.BaseAddress!, begun.Headers.Location!));
        location.Query = $"{location.Query.TrimStart('?')}&digest={TestLayer.DigestOf(blob)}".TrimStart('&');
        using var content = new ByteArrayContent(blob) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var put = await client.PutAsync(location.Uri, content);
        put.EnsureSuccessStatusCode();
    }
}
