namespace Containerd.Snapshots.Tests.Containerd;

internal sealed class RestartTests : ContainerdTest
{
    [Test]
    public async Task Snapshotter_ends_with_zero_on_SIGTERM()
    {
        await ImportImage();

        Assert.That(await Node.Snapshotter.StopAsync(), Is.Zero);
    }

    [Test]
    public async Task Snapshotter_removes_its_socket_on_SIGTERM()
    {
        await Node.Snapshotter.StopAsync();

        // containerd tries a missing socket again at once, but waits longer and longer for one without a server.
        Assert.That(File.Exists(Node.Snapshotter.Socket), Is.False);
    }

    [Test]
    public async Task Calls_work_again_after_a_restart()
    {
        await Ctr("snapshots", "prepare", "before");
        await Node.Snapshotter.StopAsync();
        await Node.Snapshotter.StartAsync();

        await Eventually.TrueAsync(
            async () => (await Node.Containerd.CtrAsync("snapshots", "prepare", "after")).ExitCode == 0,
            "containerd reaches the snapshotter again");
    }

    [Test]
    public async Task Image_runs_after_a_restart_that_came_before_its_import()
    {
        await Node.Snapshotter.StopAsync();
        await Node.Snapshotter.StartAsync();
        await ImportImage();

        var run = await Ctr("run", "--rm", TestImage.Name, "one");

        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }
}
