using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>Containers run while the layer that they read is still in the registry.</summary>
internal sealed class ReadTests : LazyLayerTest
{
    [TestCase(LayerTableKind.EStargz)]
    [TestCase(LayerTableKind.ZstdChunked)]
    [TestCase(LayerTableKind.ZstdStargz)]
    public async Task Container_reads_what_has_not_come_and_the_layer_is_completed_and_verified(LayerTableKind kind)
    {
        var (image, layer) = await PushLazyAsync(kind);

        await PullAsync(image);

        Assert.That(await StateAsync(layer), Is.EqualTo("Lazy"));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of lazy" }));
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Assert.That(await StateAsync(layer), Is.EqualTo("Lazy"));
        Assert.That((await Node.Snapshotter.RunAsync("layers", "--root", Node.Snapshotter.Root)).AssertSucceeded().Output, Does.Contain("lazy, unverified"));

        Rest.Open();
        await UntilAsync(layer, "Complete");
        await AssertSuppliedAsync(image);
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        await RemoveAsync(image);
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Complete_layer_takes_the_place_of_the_lazy_one_below_running_containers()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await Ctr("run", "--detach", Reference(image), "one", "/bin/sleep", "600");

        Rest.Open();
        await UntilAsync(layer, "Complete");
        await Eventually.TrueAsync(async () => !(await LazyMountsAsync()).Any(), "nothing is mounted from the lazy image");

        Assert.That(await ExecAsync("cat /files/lazy; busybox sha256sum /data/lazy"), Is.EqualTo((string[])["of lazy", .. RightHash]));
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
    }

    [Test]
    public async Task Wrong_bytes_are_never_shown()
    {
        var (image, layer) = await PushLazyAsync();
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest), parts: Faults.WrongByteAt(Size / 2)));
        await PullAsync(image);

        var result = await Node.Containerd.CtrAsync("run", "--rm", Reference(image), "wrong", "/bin/busybox", "sha256sum", "/data/lazy");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.ToString(), Does.Contain("Input/output error"));
        Assert.That(Node.Snapshotter.Log, Does.Contain($"A read of lazy layer {layer.Digest} failed"));
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest)));
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
    }

    [Test]
    public async Task Image_that_claims_the_layers_of_another_is_refused()
    {
        var layer = TestLayer.Lazy(LayerTableKind.EStargz, "lazy", Size);
        var claimed = TestLayer.OfSize("claimed", 1000);
        var image = await PushedImage.PushAsync(Node.Registry.Address, "test/liar:1", [TestLayer.Busybox, layer], [TestLayer.Busybox.DiffId, claimed.DiffId]);
        var other = await PushAsync("test/other:1", claimed);
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest)));
        await PullAsync(image);

        Rest.Open();
        await UntilAsync(layer, "Refused");

        Assert.That(Node.Snapshotter.Log, Does.Contain($"Lazy layer {layer.Digest} is refused").And.Contain("the image claims another's layer"));
        Assert.That((await Node.Containerd.CtrAsync("run", "--rm", Reference(image), "liar")).ExitCode, Is.Not.Zero);
        Assert.That((await Node.Snapshotter.RunAsync("why", "--root", Node.Snapshotter.Root, Reference(image))).Output, Does.Contain("is refused: it has the diff ID"));

        // The other image has the same name for its layer.
        Assert.That((await TryPullAsync(other)).Error, Does.Contain($"layer {layer.Digest} is refused; remove the images that have it, and pull again"));
        await RemoveAsync(image);
        await PullAsync(other);
        Assert.That(await RunAsync(other), Is.EqualTo(new[] { "of base", "of claimed" }));

        // Nor is the layer tried again.
        Assert.That(await StateAsync(layer), Is.EqualTo("Refused"));
    }

    private async Task<IReadOnlyList<string>> LazyMountsAsync() =>
        [.. (await Node.Box.RunAsync(["cat", "/proc/self/mountinfo"])).Lines.Where(line => line.Contains(" erofs ", StringComparison.Ordinal) && line.Contains("/layers/lazy/", StringComparison.Ordinal))];

    private async Task<string[]> ExecAsync(string script) => (await Ctr("tasks", "exec", "--exec-id", $"x{Guid.NewGuid():N}", "one", "sh", "-ec", script)).Lines;
}
