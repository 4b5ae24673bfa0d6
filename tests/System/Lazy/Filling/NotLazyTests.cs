using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>Images that the operator did not name are fetched whole.</summary>
internal sealed class NotLazyTests : LazyTest
{
    protected override IReadOnlyList<string> Options => ["--lazy-from", "registry.example/team"];

    [Test]
    public async Task Image_that_no_option_names_is_fetched_whole_and_why_says_so()
    {
        var layer = TestLayer.Lazy(LayerTableKind.EStargz, "lazy", 100_000);
        var image = await PushAsync("test/lazy:1", layer);

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Node.Hostile.OursFor(layer.Digest), Has.Count.EqualTo(1));
        Assert.That((await Node.Snapshotter.RunAsync("why", "--root", Node.Snapshotter.Root, Reference(image))).Output, Does.Contain("no --lazy-from names the image"));
    }
}
