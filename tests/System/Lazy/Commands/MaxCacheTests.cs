namespace Containerd.Snapshots.Tests.Lazy.Commands;

/// <summary>The option --max-cache.</summary>
internal sealed class MaxCacheTests : LazyTest
{
    protected override IReadOnlyList<string> Options => ["--max-cache", "1000"];

    [Test]
    public async Task Above_it_layers_that_no_snapshot_has_are_removed_and_others_stay()
    {
        var (used, unused) = (await PushAsync("test/used:1"), await PushAsync("test/unused:1", TestLayer.OfSize("unused", 5000)));
        await PullAsync(used);
        await Node.Snapshotter.StopAsync();
        (await Node.Snapshotter.RunAsync("fetch", "--root", Node.Snapshotter.Root, "--hosts-dir", Node.Hosts, Reference(unused))).AssertSucceeded();
        Assert.That(await Node.StatesAsync(unused), Is.All.EqualTo("Complete"));

        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();

        await Eventually.TrueAsync(async () => await Node.LayerAsync(unused.Layers[1]) is null, "the unused layer is removed");
        await AssertSuppliedAsync(used);
        Assert.That(await RunAsync(used), Is.EqualTo(new[] { "changed by three", "of two" }));
    }
}
