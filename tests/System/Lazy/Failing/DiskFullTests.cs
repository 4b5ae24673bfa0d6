using System.Globalization;
using Containerd.Snapshots.Tests.Client;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>A root directory on a small disk that becomes full.</summary>
internal sealed class DiskFullTests : LazyTest
{
    private const int Size = 4 << 20, Half = Size / 2;

    private readonly TestLayer _large = TestLayer.OfSize("large", Size);

    // Empty files: all that is written of it is metadata, at the end.
    private readonly TestLayer _many = TestLayer.Gzip(
        [OciArchive.Folder("files/"), OciArchive.Text("files/many", "of many\n"), OciArchive.Folder("many/"), .. Enumerable.Range(0, 5_000).Select(index => OciArchive.Text($"many/{index}", ""))]);

    protected override Task PrepareAsync(Node node) => SmallDisk.MountAsync(node);

    [Test]
    public Task In_the_middle_of_a_layer_the_pull_ends_with_the_reason_and_the_next_one_is_unpacked_by_containerd() =>
        AssertBrokenAsync(_large, "large", Half, () => SmallDisk.FillAsync(Node, left: 1 << 20));

    [Test]
    public Task In_the_metadata_of_a_layer_the_pull_ends_with_the_reason_and_the_next_one_is_unpacked_by_containerd() =>
        AssertBrokenAsync(_many, "many", _many.Blob.Length / 2, async () =>
        {
            Assert.That(await SizeOfPartAsync(), Is.LessThan(10_000), "nothing of the metadata is written yet");
            await SmallDisk.FillAsync(Node, left: 1 << 16);
        });

    // No other file is made when a layer is complete.
    [Test]
    public Task At_the_record_of_a_layer_the_pull_ends_with_the_reason_and_the_next_one_is_unpacked_by_containerd() =>
        AssertBrokenAsync(_large, "large", Half, () => SmallDisk.FillInodesAsync(Node));

    [Test]
    public async Task At_the_record_of_a_layer_no_image_is_left()
    {
        var image = await PushAsync("test/app:1", _large);
        var gate = new Gate();
        Node.Hostile.Break(_large.Digest, Faults.StopAt(Half, gate));
        using var client = new SnapshotsClient(Node.Snapshotter.Socket);
        for (var index = 0; index < 2; index++)
            await Rpc.FailsAsync(StatusCode.AlreadyExists, async () => await client.Calls.PrepareAsync(image.PrepareOf(Node.Hostile.Address, index)));

        await SmallDisk.FillInodesAsync(Node);
        gate.Open();

        // containerd would remove the snapshot now, and with it the layer.
        await Rpc.FailsAsync(
            StatusCode.FailedPrecondition,
            async () => await client.Calls.StatAsync(new() { Key = image.ChainIds[1] }, deadline: DateTime.UtcNow.AddSeconds(60)),
            "No space left on device");
        Assert.That(await Node.FilesAsync(), Has.None.Contains(_large.Digest.Split(':')[1] + ".erofs"));
        Assert.That(await PartsAsync(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Before_the_first_byte_the_pull_fails_and_the_next_one_works(bool hasInodes)
    {
        var image = await PushAsync("test/app:1", _large);
        await (hasInodes ? SmallDisk.FillAsync(Node, left: 0) : SmallDisk.FillInodesAsync(Node));

        var error = (await TryPullAsync(image)).Error;

        Assert.That(error, Does.Contain("space"));
        Assert.That(await PartsAsync(), Is.Empty);
        await SmallDisk.FreeAsync(Node);
        await Node.Containerd.CollectGarbageAsync();
        await PullAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of large" }));
    }

    // Prepare waits for the large layer's first byte, then commits the base to the store.
    [TestCase(true)]
    [TestCase(false)]
    public async Task At_the_commit_of_a_layer_the_pull_fails_and_the_next_one_works(bool hasInodes)
    {
        var image = await PushAsync("test/app:1", _large);
        var gate = new Gate();
        Node.Hostile.Break(_large.Digest, Faults.Silence(gate));
        var pull = TryPullAsync(image);
        await gate.ReachedAsync();
        await Eventually.TrueAsync(async () => (await Node.StatesAsync(image))[0] == "Complete", "the base is complete");
        await (hasInodes ? SmallDisk.FillAsync(Node, left: 0) : SmallDisk.FillInodesAsync(Node));

        gate.Open();
        var error = (await pull).Error;

        Assert.That(error, Does.Contain("space"));
        await Eventually.TrueAsync(async () => (await PartsAsync()).Count == 0, "nothing is half written");
        await SmallDisk.FreeAsync(Node);
        await Node.Containerd.CollectGarbageAsync();
        Node.Hostile.Heal();
        await PullAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of large" }));
    }

    /// <summary>Has a promised layer meet a full disk.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">The file in it.</param>
    /// <param name="position">Where it stops while the disk is filled.</param>
    /// <param name="fill">Fills the disk.</param>
    private async Task AssertBrokenAsync(TestLayer layer, string name, int position, Func<Task> fill)
    {
        var image = await PushAsync("test/app:1", layer);
        var gate = new Gate();
        Node.Hostile.Break(layer.Digest, Faults.StopAt(position, gate));
        var pull = TryPullAsync(image);
        await PromisedAsync(2);
        await fill();

        gate.Open();
        var error = (await pull).Error;

        Assert.That(error, Does.Contain($"layer {layer.Digest} cannot be supplied").And.Contain("No space left on device"));
        Assert.That(await PartsAsync(), Is.Empty);
        Assert.That(await Node.FilesAsync(), Has.None.Contains($"{layer.Digest.Split(':')[1]}.erofs"));
        await SmallDisk.FreeAsync(Node);
        await Node.Containerd.CollectGarbageAsync();
        Node.Hostile.Heal();
        await PullAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", $"of {name}" }));
        Assert.That(await Node.ContentAsync(), Does.Contain(layer.Digest).And.Not.Contain(TestLayer.Busybox.Digest));
    }

    private async Task<long> SizeOfPartAsync() =>
        long.Parse((await Node.Box.RunAsync(["sh", "-ec", $"stat -c %s {Node.Snapshotter.Root}/{(await PartsAsync()).Single()}"])).AssertSucceeded().Output, CultureInfo.InvariantCulture);
}
