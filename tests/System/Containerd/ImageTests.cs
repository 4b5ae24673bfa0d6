namespace Containerd.Snapshots.Tests.Containerd;

internal sealed class ImageTests : ContainerdTest
{
    [Test]
    public async Task Imported_image_runs_with_the_files_of_every_layer()
    {
        await ImportImage();

        var run = await Ctr("run", "--rm", TestImage.Name, "one");

        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }

    [Test]
    public async Task File_that_a_layer_deletes_is_gone()
    {
        await ImportImage();

        var run = await Ctr("run", "--rm", TestImage.Name, "one", "ls", "/layers", "/layers/folder");

        Assert.That(run.Output, Does.Not.Contain("deleted.txt").And.Not.Contain("old.txt").And.Not.Contain(".wh."));
    }

    [Test]
    public async Task Each_layer_becomes_a_committed_snapshot_on_top_of_the_one_before()
    {
        await ImportImage();

        var snapshots = await Node.Snapshotter.ListAsync();

        var parents = snapshots.Select(snapshot => snapshot.Parent).Order(StringComparer.Ordinal).ToList();
        var names = snapshots.Select(snapshot => snapshot.Name).Order(StringComparer.Ordinal).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(snapshots.Select(snapshot => snapshot.Kind), Is.All.EqualTo(Wire.Kind.Committed));
            Assert.That(names, Has.Count.EqualTo(3));
            Assert.That(parents, Has.One.Empty);
            Assert.That(parents.Skip(1), Is.Unique.And.SubsetOf(names));
        }
    }

    [Test]
    public async Task Image_pulled_from_a_registry_runs()
    {
        await using var registry = await LoopbackRegistry.StartAsync(Node.Box);
        var name = $"{registry.Address}/hello:1";
        await ImportImage();
        await Ctr("images", "push", "--plain-http", name, TestImage.Name);
        await Ctr("images", "rm", "--sync", TestImage.Name);

        await Ctr("images", "pull", "--plain-http", "--snapshotter", PrivateContainerd.Snapshotter, name);
        var run = await Ctr("run", "--rm", name, "one");

        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }

    [Test]
    public async Task Image_unpacked_later_runs()
    {
        var archive = await TestImage.WriteAsync(Node.Box.Folder);
        await Ctr("images", "import", "--no-unpack", archive);
        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);

        var run = await Ctr("run", "--rm", TestImage.Name, "one");

        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }
}
