namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>A root directory on a small disk that becomes full.</summary>
internal sealed class DiskFullTests : LazyTest
{
    private const int Size = 4 << 20;

    private readonly TestLayer _large = TestLayer.OfSize("large", Size);

    protected override async Task PrepareAsync(Node node)
    {
        Tools.Require("mkfs.ext4");

        // Blocks as large as pages. With smaller ones, which mkfs chooses for a small disk, the file that SQLite maps into memory
        // has holes, and a program that writes into one on a full disk gets SIGBUS.
        var image = Path.Combine(node.Box.Folder, "disk");
        (await node.Box.RunAsync(["sh", "-ec", $"truncate -s 32M {image}; mkfs.ext4 -q -b 4096 {image}; mkdir {node.Snapshotter.Root}; mount -o loop {image} {node.Snapshotter.Root}"])).AssertSucceeded();
    }

    [Test]
    public async Task In_the_middle_of_a_layer_the_pull_ends_with_the_reason_and_the_next_one_is_unpacked_by_containerd()
    {
        var image = await PushAsync("test/app:1", _large);
        var gate = new Gate();
        Node.Hostile.Break(_large.Digest, Faults.StopAt(1 << 20, gate));
        var pull = TryPullAsync(image);
        await PromisedAsync(2);
        await FillAsync(left: 1 << 20);

        gate.Open();
        var error = (await pull).Error;

        Assert.That(error, Does.Contain($"layer {_large.Digest} cannot be supplied").And.Contain("No space left on device"));
        Assert.That(await PartsAsync(), Is.Empty);
        await FreeAsync();
        await Node.Containerd.CollectGarbageAsync();
        Node.Hostile.Heal();
        await PullAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of large" }));
        Assert.That(await Node.ContentAsync(), Does.Contain(_large.Digest).And.Not.Contain(TestLayer.Busybox.Digest));
    }

    [Test]
    public async Task Before_the_first_byte_the_pull_fails_and_the_next_one_works()
    {
        var image = await PushAsync("test/app:1", _large);
        await FillAsync(left: 0);

        var error = (await TryPullAsync(image)).Error;

        Assert.That(error, Does.Contain("space"));
        Assert.That(await PartsAsync(), Is.Empty);
        await FreeAsync();
        await Node.Containerd.CollectGarbageAsync();
        await PullAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of large" }));
    }

    // As root, so that the blocks that are kept for root are used, too.
    private async Task FillAsync(int left) => (await Node.Box.RunAsync(
        ["sh", "-ec", $"cat /dev/zero > {Node.Snapshotter.Root}/filler 2>/dev/null || true; truncate -s -{left} {Node.Snapshotter.Root}/filler; sync -f {Node.Snapshotter.Root}"])).AssertSucceeded();

    private async Task FreeAsync() => (await Node.Box.RunAsync(["rm", $"{Node.Snapshotter.Root}/filler"])).AssertSucceeded();
}
