namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>Containers that read lazy layers go on when the snapshotter is killed, stopped, and started again.</summary>
internal sealed class SurvivalTests : LazyLayerTest
{
    [Test]
    public async Task Reader_that_waits_is_answered_by_the_next_process([Values] bool isKilled)
    {
        var gate = new Gate();
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest), parts: Faults.Silence(gate)));
        var reading = HashAsync(image);
        await gate.ReachedAsync();

        await EndAsync(isKilled);
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest)));
        await Node.Snapshotter.StartAsync();

        Assert.That(await reading, Is.EqualTo(RightHash));
        Assert.That(Node.Snapshotter.Log, Does.Contain("Took over the mount of 1 lazy layers"));
        Rest.Open();
        await UntilAsync(layer, "Complete");
    }

    [Test]
    public async Task Incomplete_layer_survives_several_kills()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();
        for (var kill = 0; kill < 3; kill++)
        {
            var gate = new Gate();
            Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, gate)));
            await EndAsync(isKilled: true);
            await Node.Snapshotter.StartAsync();
            await gate.ReachedAsync();
        }

        await ReachSnapshotter();
        Assert.That(await StateAsync(layer), Is.EqualTo("Lazy"));
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Node.Hostile.Heal();
        await EndAsync(isKilled: true);
        await Node.Snapshotter.StartAsync();
        await UntilAsync(layer, "Complete");
    }

    [Test]
    public async Task Refusal_holds_if_the_process_was_killed_before_the_image_knew_it()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();
        await EndAsync(isKilled: true);
        var record = Path.Combine(Node.Snapshotter.Root, "layers", $"{layer.Digest.Replace(':', '-')}.json");
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record)).Replace("\"state\":\"Lazy\"", "\"state\":\"Refused\",\"reason\":\"it lies\"", StringComparison.Ordinal));

        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();

        var result = await Node.Containerd.CtrAsync("run", "--rm", Reference(image), "refused", "/bin/busybox", "sha256sum", "/data/lazy");
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.ToString(), Does.Contain("is refused; remove the images that have it, and pull again: it lies"));
    }

    [Test]
    public async Task Second_process_on_the_same_root_is_refused_and_harms_nothing()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();

        var second = await Node.Snapshotter.RunAsync(Path.Combine(Node.Box.Folder, "second.sock"), "--root", Node.Snapshotter.Root, "--lazy-from", "*");

        Assert.That(second.ExitCode, Is.Not.Zero);
        Assert.That(second.ToString(), Does.Contain("another running server uses the root directory"));
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        await EndAsync(isKilled: true);
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Rest.Open();
        await UntilAsync(layer, "Complete");
    }

    [Test]
    public async Task Without_its_registry_it_starts_and_serves_what_is_there()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        foreach (var digest in new[] { layer.Digest, image.Manifest, image.Configuration })
            Node.Hostile.Break(digest, Faults.Status(503));

        await EndAsync(isKilled: true);
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();

        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Node.Hostile.Heal();
        await UntilAsync(layer, "Complete");
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
    }

    [Test]
    public async Task Without_its_keeper_new_containers_get_fresh_mounts()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));

        (await Node.Box.RunAsync(["pkill", "-KILL", "-f", "keeper --root"])).AssertSucceeded();
        await EndAsync(isKilled: true);
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();

        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Rest.Open();
        await UntilAsync(layer, "Complete");
    }

    [Test]
    public async Task Keeper_ends_when_nothing_is_lazy_any_more()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await KeptAsync();
        Rest.Open();
        await UntilAsync(layer, "Complete");
        await RemoveAsync(image);
        await AssertNothingLeftAsync();

        await EndAsync(isKilled: false);

        await Eventually.TrueAsync(async () => (await Node.Box.RunAsync(["pgrep", "-f", "keeper --root"])).ExitCode != 0, "the keeper has ended");
        Assert.That(await Node.MountsAsync(), Is.Empty);
    }

    private Task EndAsync(bool isKilled) => isKilled ? Node.Snapshotter.KillAsync() : Node.Snapshotter.StopAsync();
}
