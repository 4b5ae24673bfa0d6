namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>A disk without space for a lazy layer's contents.</summary>
internal sealed class FullDiskTests : LazyLayerTest
{
    protected override Task PrepareAsync(Node node) => SmallDisk.MountAsync(node);

    [Test]
    public async Task Container_reads_on_and_the_layer_is_completed_once_there_is_space()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await Ctr("run", "--detach", "--null-io", Reference(image), "one", "/bin/sleep", "600");
        await SmallDisk.FillAsync(Node, left: 0);

        Assert.That(await ExecAsync(), Is.EqualTo(RightHash));
        Rest.Open();
        await Eventually.TrueAsync(async () => (await Node.LayerAsync(layer))?.GetProperty("fetched").GetInt64() < layer.Blob.Length, "not all is stored");
        Assert.That(await ExecAsync(), Is.EqualTo(RightHash));
        var whole = WholeRequests(layer);

        await SmallDisk.FreeAsync(Node);

        await UntilAsync(layer, "Complete");
        Assert.That(WholeRequests(layer), Is.LessThanOrEqualTo(Math.Max(1, whole)), "the layer is not read as a whole again");
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
    }

    private int WholeRequests(TestLayer layer) => Node.Hostile.OursFor(layer.Digest).Count(request => request.Range is null);

    private async Task<string[]> ExecAsync() =>
        (await Ctr("tasks", "exec", "--exec-id", $"x{Guid.NewGuid():N}", "one", "/bin/busybox", "sha256sum", "/data/lazy")).Lines;
}
