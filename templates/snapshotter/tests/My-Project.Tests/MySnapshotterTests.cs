using Containerd.Snapshots;

namespace MyNamespace.Tests;

/// <summary>The tests call the snapshotter as containerd does. They need neither containerd nor root.</summary>
[TestFixture]
internal sealed class MySnapshotterTests
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private DirectoryInfo _root = null!;
    private MySnapshotter _snapshotter = null!;

    [SetUp]
    public void Start()
    {
        _root = Directory.CreateTempSubdirectory("my-plugin-");
        _snapshotter = new(_root.FullName);
    }

    [TearDown]
    public void Delete() => _root.Delete(recursive: true);

    [Test]
    public async Task Prepared_snapshot_is_active_and_writable()
    {
        var mount = await Prepare("container");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_snapshotter.Stat("container")?.Kind, Is.EqualTo(SnapshotKind.Active));
            Assert.That(_snapshotter.Mounts("container"), Is.EqualTo(mount));
            Assert.That(mount.Options, Does.Contain("rw"));
        }
    }

    [Test]
    public async Task Committed_snapshot_takes_the_name_and_the_key_is_free_again()
    {
        await Layer("layer", "file", "content");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_snapshotter.Stat("layer")?.Kind, Is.EqualTo(SnapshotKind.Committed));
            Assert.That(_snapshotter.Stat("unpacking"), Is.Null);
            Assert.That(_snapshotter.Usage("layer"), Is.EqualTo(new SnapshotUsage(Size: 7, Inodes: 2)));
        }
    }

    [Test]
    public async Task Snapshot_has_the_files_of_its_parent_and_leaves_them_as_they_are()
    {
        await Layer("layer", "file", "content");

        var one = await Prepare("one", "layer");
        await File.WriteAllTextAsync(Path.Combine(one.Source, "file"), "changed");
        var two = await Prepare("two", "layer");

        Assert.That(await File.ReadAllTextAsync(Path.Combine(two.Source, "file")), Is.EqualTo("content"));
    }

    [Test]
    public async Task View_is_read_only_and_is_never_committed()
    {
        await Layer("layer", "file", "content");

        var view = await _snapshotter.ViewAsync("view", "layer", NoLabels, CancellationToken.None);

        Assert.That(view.Options, Does.Contain("ro"));
        Assert.That(File.Exists(Path.Combine(view.Source, "file")));
        Assert.That(ErrorOf(() => _snapshotter.Commit("other", "view", "", NoLabels)), Is.EqualTo(SnapshotterError.FailedPrecondition));
    }

    [Test]
    public async Task Removed_snapshot_is_gone_and_cleanup_frees_its_files()
    {
        await Layer("layer", "file", "content");

        _snapshotter.Remove("layer");
        _snapshotter.Cleanup();

        Assert.That(_snapshotter.Stat("layer"), Is.Null);
        Assert.That(_root.GetFiles("file", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Parent_is_kept_until_its_last_child_is_removed()
    {
        await Layer("layer", "file", "content");
        await Prepare("container", "layer");

        Assert.That(ErrorOf(() => _snapshotter.Remove("layer")), Is.EqualTo(SnapshotterError.FailedPrecondition));
        _snapshotter.Remove("container");
        _snapshotter.Remove("layer");

        Assert.That(_snapshotter.Walk(), Is.Empty);
    }

    [Test]
    public async Task Key_in_use_already_exists_and_missing_parent_is_not_found()
    {
        await Prepare("container");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ErrorOf(() => Prepare("container")), Is.EqualTo(SnapshotterError.AlreadyExists));
            Assert.That(await ErrorOf(() => Prepare("other", "missing")), Is.EqualTo(SnapshotterError.NotFound));
            Assert.That(await ErrorOf(() => Prepare("other", "container")), Is.EqualTo(SnapshotterError.InvalidArgument));
        }
    }

    [Test]
    public async Task Snapshots_outlive_a_restart()
    {
        await Layer("layer", "file", "content");
        await Prepare("container", "layer");
        var before = _snapshotter.Walk().ToList();

        _snapshotter = new(_root.FullName);

        Assert.That(_snapshotter.Walk(), Is.EquivalentTo(before));
    }

    private Task<Mount> Prepare(string key, string parent = "") =>
        _snapshotter.PrepareAsync(key, parent, NoLabels, CancellationToken.None);

    // Unpacks and commits a layer, as containerd does.
    private async Task Layer(string name, string file, string content)
    {
        var mount = await Prepare("unpacking");
        await File.WriteAllTextAsync(Path.Combine(mount.Source, file), content);
        _snapshotter.Commit(name, "unpacking", "", NoLabels);
    }

    private static SnapshotterError? ErrorOf(Action call) => Assert.Throws<SnapshotterException>(() => call())?.Error;

    private static async Task<SnapshotterError?> ErrorOf(Func<Task> call) => (await Assert.ThrowsAsync<SnapshotterException>(() => call()))?.Error;
}
