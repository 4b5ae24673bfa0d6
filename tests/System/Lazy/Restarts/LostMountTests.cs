namespace Containerd.Snapshots.Tests.Lazy.Restarts;

/// <summary>Mounts that are gone: all of them, as after the machine has started again, or one.</summary>
internal sealed class LostMountTests : LazyTest
{
    private static readonly string[] Files = ["changed by three", "of two"];

    [Test]
    public async Task After_a_reboot_all_layers_are_mounted_before_containerd_is_answered()
    {
        var image = await PushAsync();
        await PullAsync(image);
        var mounts = await Node.MountsAsync();
        var requests = Node.Hostile.Requests.Count;

        await Node.Containerd.DisposeAsync();
        await Node.Snapshotter.KillAsync();
        await UnmountAsync(mounts);
        Assert.That(await Node.MountsAsync(), Is.Empty);
        await Node.Snapshotter.StartAsync();

        Assert.That(await Node.MountsAsync(), Is.EquivalentTo(mounts), "before any call");
        await Node.StartContainerdAsync();
        Assert.That(await RunAsync(image), Is.EqualTo(Files));
        Assert.That(Node.Hostile.Requests, Has.Count.EqualTo(requests), "no registry was asked");
        await RemoveAsync(image);
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Without_the_mount_of_a_layer_a_container_fails_until_it_is_there_again()
    {
        var image = await PushAsync();
        await PullAsync(image);
        foreach (var mount in (await Node.MountsAsync()).Where(path => path.Contains("/snapshots/", StringComparison.Ordinal)))
        {
            await UnmountAsync([mount]);

            var run = await Node.Containerd.CtrAsync("run", "--rm", Reference(image), "one");

            Assert.That(run.ExitCode, Is.Not.Zero, $"{mount}: {run}");
            Assert.That(run.Output, Is.Empty);
            await Node.Containerd.CtrAsync("containers", "rm", "one");
            await Node.Snapshotter.StopAsync();
            await Node.Snapshotter.StartAsync();
            await ReachSnapshotter();
            Assert.That(await RunAsync(image), Is.EqualTo(Files), mount);
        }
    }

    [Test]
    public async Task Damaged_image_is_told_at_the_start_and_containers_on_it_fail()
    {
        var image = await PushAsync();
        await PullAsync(image);
        var digest = image.Layers[1].Digest;
        await Node.Snapshotter.StopAsync();
        await UnmountAsync(await Node.MountsAsync());
        (await Node.Box.RunAsync(["truncate", "-s", "1000", $"{Node.Snapshotter.Root}/layers/{digest.Replace(':', '-')}.erofs"])).AssertSucceeded();

        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();

        Assert.That(Node.Snapshotter.Log, Does.Contain($"Layer {digest} cannot be mounted"));
        Assert.That(Node.Snapshotter.Log, Does.Match($"\"{image.ChainIds[1]}\", number [0-9]+, has lost its content"));
        var run = await Node.Containerd.CtrAsync("run", "--rm", Reference(image), "one");
        Assert.That(run.ExitCode, Is.Not.Zero, $"{run}");
        Assert.That(run.Output, Is.Empty);
    }

    private async Task UnmountAsync(IEnumerable<string> mounts) => (await Node.Box.RunAsync(["umount", .. mounts.Reverse()])).AssertSucceeded();
}
