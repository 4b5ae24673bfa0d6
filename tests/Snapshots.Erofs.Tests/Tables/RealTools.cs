using System.Text.Json;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Containerd;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>Layers with tables of contents, made by the tools that make them for everybody.</summary>
internal sealed class RealTools : IAsyncDisposable
{
    private const string Name = "example.test/layer:1";

    private readonly Box _box;
    private readonly PrivateContainerd _containerd;

    private RealTools(Box box, PrivateContainerd containerd) => (_box, _containerd) = (box, containerd);

    private string Archive => $"{_box.Folder}/image.tar";

    /// <summary>Gives an image with one layer to the tools.</summary>
    public static async Task<RealTools> BeginAsync(byte[] layer)
    {
        Tools.Require("containerd", "ctr-remote", "skopeo", "tar");
        var box = await Box.OpenAsync();
        var tools = new RealTools(box, await PrivateContainerd.StartWithAsync(box, "version = 2"));
        await OciArchive.WriteAsync(tools.Archive, Name, layer);
        await tools.RunAsync("images", "import", "--no-unpack", tools.Archive);
        return tools;
    }

    /// <summary>Converts the layer with the tool of eStargz.</summary>
    public async Task<LazyLayerBytes> ConvertAsync(LayerTableKind kind, params string[] options)
    {
        var folder = Directory.CreateDirectory($"{_box.Folder}/{Guid.NewGuid():N}").FullName;
        await RunAsync(["images", "convert", kind == LayerTableKind.EStargz ? "--estargz" : "--zstdchunked", "--oci", .. options, Name, "converted"]);
        await RunAsync("images", "export", $"{folder}.tar", "converted");
        (await Command.RunAsync(["tar", "-C", folder, "-xf", $"{folder}.tar"])).AssertSucceeded();
        return Read(folder, kind);
    }

    /// <summary>Converts the layer with one of Podman's tools.</summary>
    public async Task<LazyLayerBytes> CopyAsync()
    {
        var folder = $"{_box.Folder}/{Guid.NewGuid():N}";
        (await _box.RunAsync(["skopeo", "--insecure-policy", "copy", "--dest-compress-format", "zstd:chunked", $"oci-archive:{Archive}", $"oci:{folder}:latest"])).AssertSucceeded();
        return Read(folder, LayerTableKind.ZstdChunked);
    }

    public async ValueTask DisposeAsync()
    {
        await _containerd.DisposeAsync();
        await _box.DisposeAsync();
    }

    private async Task RunAsync(params IReadOnlyList<string> arguments) =>
        (await _box.RunAsync(["ctr-remote", .. arguments], _containerd.Environment)).AssertSucceeded();

    // The image's only layer, from a folder in OCI's layout.
    private static LazyLayerBytes Read(string folder, LayerTableKind kind)
    {
        string Blob(JsonElement descriptor) => $"{folder}/blobs/sha256/{descriptor.GetProperty("digest").GetString()!["sha256:".Length..]}";
        using var index = JsonDocument.Parse(File.ReadAllText($"{folder}/index.json"));
        using var manifest = JsonDocument.Parse(File.ReadAllText(Blob(index.RootElement.GetProperty("manifests")[0])));
        var layer = manifest.RootElement.GetProperty("layers")[0];
        var annotations = layer.GetProperty("annotations").EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!);
        return new(kind, File.ReadAllBytes(Blob(layer)), 0, annotations);
    }
}
