namespace Containerd.Snapshots.Tests.Containerd;

internal sealed class GarbageCollectionTests : ContainerdTest
{
    [Test]
    public async Task Removing_the_image_empties_the_snapshotter()
    {
        await ImportImage();

        await Ctr("images", "rm", "--sync", TestImage.Name);

        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Removing_the_image_frees_its_files()
    {
        await ImportImage();

        await Ctr("images", "rm", "--sync", TestImage.Name);

        Assert.That(Files(), Is.Empty);
    }

    [Test]
    public async Task Snapshots_of_a_container_outlive_the_image()
    {
        await ImportImage();
        await Ctr("run", TestImage.Name, "one", "true");

        await Ctr("images", "rm", "--sync", TestImage.Name);

        Assert.That(await Node.Snapshotter.ListAsync(), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Image_imported_again_after_its_removal_runs()
    {
        await ImportImage();
        await Ctr("images", "rm", "--sync", TestImage.Name);
        await ImportImage();

        var run = await Ctr("run", "--rm", TestImage.Name, "one");

        Assert.That(run.Lines[1..], Is.EqualTo(TestImage.Files));
    }

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Node.Snapshotter.Root, "*.txt", SearchOption.AllDirectories);
}
