namespace Containerd.Snapshots.Tests.Containerd;

internal sealed class ContainerTests : ContainerdTest
{
    [SetUp]
    public Task Import() => ImportImage();

    [Test]
    public async Task Two_containers_of_one_image_do_not_see_each_others_writes()
    {
        await Ctr("run", "--detach", "--null-io", TestImage.Name, "one", "sleep", "600");
        await Ctr("run", "--detach", "--null-io", TestImage.Name, "two", "sleep", "600");

        await Exec("one", "echo from one >/layers/changed.txt; rm /layers/1.txt; echo new >/one.txt");
        var seen = await Exec("two", "cat /layers/changed.txt /layers/1.txt; ls /");

        Assert.That(seen.Lines[..2], Is.EqualTo(new[] { "written by layer 2, changed by layer 3", "written by layer 1" }));
        Assert.That(seen.Lines, Does.Not.Contain("one.txt"));
    }

    [Test]
    public async Task Writes_of_a_container_leave_the_image_as_it_was()
    {
        await Ctr("run", "--rm", TestImage.Name, "one", "sh", "-c", "rm -r /layers; echo gone >/layers");

        var run = await Ctr("run", "--rm", TestImage.Name, "two");

        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }

    [Test]
    public async Task Removed_container_takes_its_snapshot_with_it()
    {
        await Ctr("run", "--rm", TestImage.Name, "one", "true");
        await Node.Containerd.CollectGarbageAsync();
        var kinds = (await Node.Snapshotter.ListAsync()).Select(snapshot => snapshot.Kind);

        Assert.That(kinds, Is.All.EqualTo(Wire.Kind.Committed));
    }

    [Test]
    public async Task Committed_container_is_the_base_of_another()
    {
        await Ctr("run", TestImage.Name, "writer", "sh", "-c", "echo kept >/kept.txt; rm /layers/1.txt");
        await Ctr("snapshots", "commit", "saved", "writer");
        await Ctr("snapshots", "prepare", "again", "saved");
        var root = await MountSnapshot("again");

        var run = await Ctr("run", "--rm", "--rootfs", root, "reader", "/bin/sh", "-c", "cat /kept.txt; ls /layers");

        Assert.That(run.Lines, Is.EqualTo(new[] { "kept", "2.txt", "3.txt", "changed.txt", "folder" }));
    }

    [Test]
    public async Task Difference_of_a_container_holds_what_it_wrote()
    {
        await Ctr("run", TestImage.Name, "writer", "sh", "-c", "echo kept >/kept.txt; rm /layers/1.txt");

        var diff = await Ctr("snapshots", "diff", "--media-type", "application/vnd.oci.image.layer.v1.tar", "--keep", "writer");

        // The archive is on standard output, with readable names.
        Assert.That(diff.Output, Does.Contain("kept.txt").And.Contain("layers/.wh.1.txt"));
    }
}
