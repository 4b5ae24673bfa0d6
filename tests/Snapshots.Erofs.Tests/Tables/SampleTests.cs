using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>Layers of tools that the machine does not have.</summary>
internal sealed class SampleTests
{
    // skopeo 1.22 of Debian forky: zstd:chunked with tar-split, of files of all types, with parts of seconds and an empty attribute.
    private static readonly Dictionary<string, string> Skopeo = new()
    {
        ["io.github.containers.zstd-chunked.manifest-checksum"] = "sha256:a2c1739e2954ae1245174efcac92e7de5e93c21705eae82dc44662741c0c6daa",
        ["io.github.containers.zstd-chunked.manifest-position"] = "6174:878:3598:1",
        ["io.github.containers.zstd-chunked.tarsplit-position"] = "7060:1437:37421",
    };

    [TestCase(true)]
    [TestCase(false)]
    public async Task Zstd_chunked_of_skopeo(bool hasPosition)
    {
        using var resource = typeof(SampleTests).Assembly.GetManifestResourceStream("skopeo-1.22.layer")!;
        var blob = new byte[resource.Length];
        resource.ReadExactly(blob);
        var layer = new LazyLayerBytes(LayerTableKind.ZstdChunked, blob, 0, hasPosition ? Skopeo : Skopeo.Take(1).ToDictionary());

        var (layout, image) = await layer.LayOutAsync();
        Assert.That(await layer.FillAsync([.. layout.Chunks], image), Is.EqualTo(layout.Chunks.Count));

        Assert.That(image, Is.EqualTo((await layer.WriteWholeAsync()).Image));
        await layer.VerifyAsync();
    }
}
