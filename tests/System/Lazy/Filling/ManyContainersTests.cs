using System.Globalization;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>Many containers of many images start at once on a fresh node.</summary>
internal sealed class ManyContainersTests : LazyLayerTest
{
    private const int ContainersOfEach = 3;

    private static readonly int Images =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_LAZY_IMAGES"), CultureInfo.InvariantCulture, out var images) ? images : 4;

    [Test]
    public async Task All_of_them_run()
    {
        var images = new List<(PushedImage Image, string Hash)>();
        for (var index = 0; index < Images; index++)
        {
            var name = $"lazy{index}";
            var layer = TestLayer.Lazy(index % 2 == 0 ? LayerTableKind.EStargz : LayerTableKind.ZstdChunked, name, Size);
            images.Add((await PushAsync($"test/{name}:1", layer), HashOf(name, Size)));
        }

        var outputs = await Task.WhenAll(images.Select(each => StartAsync(each.Image)));

        foreach (var (output, image) in outputs.Zip(images))
            Assert.That(output, Is.All.EqualTo(new[] { image.Hash }));
        await TestContext.Out.WriteLineAsync($"{Images} images, {Images * ContainersOfEach} containers");
    }

    private async Task<string[][]> StartAsync(PushedImage image)
    {
        await PullAsync(image);
        return await Task.WhenAll(Enumerable.Range(0, ContainersOfEach).Select(_ => RunAsync(image, "/bin/sh", "-c", "busybox sha256sum /data/*")));
    }
}
