namespace Containerd.Snapshots.Tests.Lazy.Restarts;

/// <summary>The snapshotter is killed in each step of a pull, and started again.</summary>
internal sealed class KillTests : LazyTest
{
    private const int Middle = 200_000;

    private readonly TestLayer _layer = TestLayer.OfSize("layer", 400_000), _above = TestLayer.OfSize("top", 1000);

    [Test]
    public async Task Killed_before_the_first_byte_it_leaves_nothing()
    {
        var image = await PushAsync("test/app:1", _layer, _above);
        var gate = new Gate();
        Node.Hostile.Break(_layer.Digest, Faults.Silence(gate));
        var pull = TryPullAsync(image);
        await gate.ReachedAsync();

        await KillAndStartAsync();

        Assert.That((await pull).ExitCode, Is.Not.Zero);
        Assert.That(await PartsAsync(), Is.Empty);
        Node.Hostile.Heal();
        await Node.Containerd.CollectGarbageAsync();
        await PullAsync(image);
        await AssertRunsAndLeavesNothingAsync(image);
    }

    [Test]
    public async Task Killed_while_a_promised_layer_comes_it_goes_on_and_fetches_no_complete_layer_again()
    {
        var image = await PushAsync("test/app:1", _layer, _above);
        Node.Hostile.Break(_layer.Digest, Faults.StopAt(Middle, new()));
        var pull = TryPullAsync(image);
        await PromisedAsync(2);
        await CompleteAsync(TestLayer.Busybox);
        await CompleteAsync(_above);
        Assert.That(await PartsAsync(), Has.Count.EqualTo(1));

        await Node.Snapshotter.KillAsync();
        Node.Hostile.Heal();
        await Node.Snapshotter.StartAsync();

        // Nobody has asked for it again.
        await CompleteAsync(_layer);
        Assert.That((await pull).ExitCode, Is.Not.Zero);
        Assert.That(await PartsAsync(), Is.Empty);
        Assert.That(Node.Snapshotter.Log, Does.Contain("Continuing to fetch 1 layers that containerd was promised"));
        await ReachSnapshotter();
        await PullAsync(image);
        Assert.That(Node.Hostile.OursFor(TestLayer.Busybox.Digest), Has.Count.EqualTo(1));
        Assert.That(Node.Hostile.OursFor(_above.Digest), Has.Count.EqualTo(1));
        Assert.That(Node.Hostile.OursFor(_layer.Digest), Has.Count.EqualTo(2));
        await AssertRunsAndLeavesNothingAsync(image);
    }

    [Test]
    public async Task Killed_with_a_promise_whose_image_is_removed_it_leaves_nothing()
    {
        var image = await PushAsync("test/app:1", _layer);
        Node.Hostile.Break(_layer.Digest, Faults.StopAt(Middle, new()));
        var pull = TryPullAsync(image);
        await PromisedAsync(2);

        await KillAndStartAsync();
        await pull;
        await ReachSnapshotter();
        await Node.Containerd.CollectGarbageAsync();

        await Node.Snapshotter.StopAsync();

        Assert.That(await PartsAsync(), Is.Empty);
        await Node.Snapshotter.StartAsync();
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Container_goes_on_while_the_snapshotter_is_killed_and_new_ones_run_afterwards()
    {
        var image = await PushAsync("test/app:1", _layer, _above);
        await PullAsync(image);
        var requests = Node.Hostile.Requests.Count;
        await Ctr("run", "--detach", "--null-io", Reference(image), "one", "sleep", "600");

        await Node.Snapshotter.KillAsync();
        var whileDead = await ExecAsync("cat /files/layer");
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();

        Assert.That(whileDead, Is.EqualTo(new[] { "of layer" }));
        Assert.That(await ExecAsync("cat /files/top; echo written > /new; cat /new"), Is.EqualTo(new[] { "of top", "written" }));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer", "of top" }));
        Assert.That(Node.Hostile.Requests, Has.Count.EqualTo(requests), "no registry was asked");
        await Ctr("tasks", "rm", "--force", "one");
        await Ctr("containers", "rm", "one");
        await AssertRunsAndLeavesNothingAsync(image);
    }

    private async Task<string[]> ExecAsync(string script) => (await Ctr("tasks", "exec", "--exec-id", $"x{Guid.NewGuid():N}", "one", "sh", "-ec", script)).Lines;

    private async Task AssertRunsAndLeavesNothingAsync(PushedImage image)
    {
        await AssertSuppliedAsync(image);
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer", "of top" }));
        await RemoveAsync(image);
        await AssertNothingLeftAsync();
    }

    private Task CompleteAsync(TestLayer layer) => Eventually.TrueAsync(
        async () => (await Node.LayerAsync(layer))?.GetProperty("state").GetString() == "Complete", $"{layer.Digest} is complete");

    private async Task KillAndStartAsync()
    {
        await Node.Snapshotter.KillAsync();
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();
    }
}
