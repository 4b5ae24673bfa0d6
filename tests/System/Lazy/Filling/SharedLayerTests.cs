using System.Text;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>Several images, processes, or pulls one after another, have the same lazy layer.</summary>
internal sealed class SharedLayerTests : LazyLayerTest
{
    [Test]
    public async Task Image_that_was_removed_while_its_layer_was_incomplete_is_pulled_again_at_once()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        await RemoveAsync(image);

        await PullAsync(image);

        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Rest.Open();
        await UntilAsync(layer, "Complete");
        await RemoveAsync(image);
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Layer_stays_lazy_for_one_image_when_another_one_with_it_is_removed()
    {
        var (image, layer) = await PushLazyAsync();
        var other = await PushAsync("test/other:1", layer, TestLayer.OfSize("top", 1000));
        await PullAsync(image);
        await PullAsync(other);

        await RemoveAsync(other);

        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Rest.Open();
        await UntilAsync(layer, "Complete");
        await AssertSuppliedAsync(image);
    }

    [Test]
    public async Task Layer_with_directories_of_the_layers_below_is_unpacked_for_an_image_with_others_below()
    {
        var top = TestLayer.LazyOf(LayerTableKind.EStargz, builder => builder
            .File("opt/app/file", "of the top\n").Folder("data").File("data/top", Encoding.Latin1.GetString(TestLayer.DataOf("top", Size))));
        var images = new[] { await PushAsync("test/one:1", Base(5), top), await PushAsync("test/two:1", Base(7), top) };
        Node.Hostile.Break(top.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest)));

        await PullAsync(images[0]);
        await PullAsync(images[1]);

        Assert.That(await RunAsync(images[0], "stat", "-c", "%u", "/opt"), Is.EqualTo(new[] { "5" }));
        Assert.That(await RunAsync(images[1], "stat", "-c", "%u", "/opt"), Is.EqualTo(new[] { "7" }));
        Assert.That(await StateAsync(top), Is.EqualTo("Lazy"));
    }

    [Test]
    public async Task Command_that_fetches_the_layer_completes_it_and_containers_read_on_after_a_restart()
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        await Ctr("run", "--detach", "--null-io", Reference(image), "one", "/bin/sleep", "600");
        await KeptAsync();
        Node.Hostile.Break(layer.Digest, Faults.Of(parts: Faults.TruthAsync));

        (await FetchAsync(image)).AssertSucceeded();
        await Node.Snapshotter.KillAsync();
        await Node.Snapshotter.StartAsync();

        Assert.That(await ExecAsync(), Is.EqualTo(RightHash));
    }

    [Test]
    public async Task Command_that_began_before_the_layer_was_lazy_leaves_it_to_containers([Values] bool isFailing)
    {
        var (image, layer) = await PushLazyAsync();
        var gate = new Gate();
        Node.Hostile.Break(layer.Digest, async exchange =>
        {
            await gate.PassAsync(exchange.Gone);
            await (isFailing ? exchange.AnswerAsync(404) : Faults.TruthAsync(exchange));
        });
        var fetching = FetchAsync(image);
        await gate.ReachedAsync();
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest)));
        await PullAsync(image);
        await Ctr("run", "--detach", "--null-io", Reference(image), "one", "/bin/sleep", "600");
        await KeptAsync();

        gate.Open();
        Assert.That((await fetching).ExitCode, isFailing ? Is.Not.Zero : Is.Zero);
        await Node.Snapshotter.KillAsync();
        await Node.Snapshotter.StartAsync();

        Assert.That(await ExecAsync(), Is.EqualTo(RightHash));
    }

    private static TestLayer Base(int owner) => TestLayer.Gzip(
        new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "opt/") { Uid = owner, Gid = owner, Mode = (UnixFileMode)0b111_101_101 });

    private Task<CommandResult> FetchAsync(PushedImage image) => Node.Snapshotter.RunAsync(
        "fetch", "--root", Node.Snapshotter.Root, "--hosts-dir", Node.Hosts, "--docker-config", Node.DockerConfig, Reference(image));

    private async Task<string[]> ExecAsync() =>
        (await Ctr("tasks", "exec", "--exec-id", $"x{Guid.NewGuid():N}", "one", "/bin/busybox", "sha256sum", "/data/lazy")).Lines;
}
