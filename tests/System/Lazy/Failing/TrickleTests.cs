namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>Connections that are slow: what counts is 16 KiB in 30 s.</summary>
internal sealed class TrickleTests : MirroredTest
{
    // Together more than the 10 s that a Prepare may take.
    private const int Size = 120_000, Bytes = 1000;

    private readonly TestLayer _layer = TestLayer.OfSize("layer", Size);

    [Test]
    public async Task Slow_layer_is_waited_for_while_it_comes()
    {
        var image = await PushAsync("test/app:1", _layer);
        Mirror.Break(_layer.Digest, Faults.Trickle(Bytes, TimeSpan.FromMilliseconds(100)));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Mirror.OursFor(_layer.Digest), Has.Count.EqualTo(1));
        Assert.That(Node.Hostile.OursFor(_layer.Digest), Is.Empty);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer" }));
    }

    [Test]
    public async Task Connection_without_progress_is_replaced_and_named()
    {
        var image = await PushAsync("test/app:1", _layer);
        Mirror.Break(_layer.Digest, Faults.Trickle(1, TimeSpan.FromSeconds(1)));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Node.Snapshotter.Log, Does.Match($"{Mirror.Address} sent only [0-9]+ bytes in 30 s"));
        Assert.That(Node.Hostile.OursFor(_layer.Digest).Single().Range, Does.Match("^bytes=[0-9]+-"), "it goes on");
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer" }));
    }
}
