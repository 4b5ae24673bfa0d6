namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Containers on each sample with a store.</summary>
[TestFixtureSource(typeof(PublishedSample), nameof(PublishedSample.WithStore))]
internal sealed class StoredTests(PublishedSample sample) : ContainerdTest
{
    protected override PublishedSample Sample => sample;

    private string Snapshots => Path.Combine(Node.Snapshotter.Root, "snapshots");

    [SetUp]
    public async Task Import()
    {
        Tools.Require("mkfs.ext4");
        await ImportImage();
    }

    [Test]
    public async Task Containers_write_are_committed_and_their_space_is_freed()
    {
        await Ctr("run", "--detach", "--null-io", TestImage.Name, "one", "sleep", "600");
        await Exec("one", "echo from one >/layers/changed.txt; rm /layers/1.txt; mv /layers/folder /moved; echo new >/one.txt");
        Assert.That(
            (await Exec("one", "cat /layers/changed.txt /one.txt /moved/new.txt; ls /layers")).Lines,
            Is.EqualTo(new[] { "from one", "new", "written by layer 3", "2.txt", "3.txt", "changed.txt" }));
        Assert.That((await Ctr("run", "--rm", TestImage.Name, "two")).Lines[1..], Is.EqualTo(TestImage.Files), "Other containers do not see it.");
        await Ctr("tasks", "rm", "--force", "one");

        await Ctr("snapshots", "commit", "saved", "one");
        await Ctr("snapshots", "prepare", "again", "saved");
        var root = await MountSnapshot("again");
        Assert.That(
            (await Ctr("run", "--rm", "--rootfs", root, "reader", "/bin/sh", "-c", "cat /one.txt /moved/new.txt; ls /layers")).Lines,
            Is.EqualTo(new[] { "new", "written by layer 3", "2.txt", "3.txt", "changed.txt" }));
        (await Node.Box.RunAsync(["umount", root])).AssertSucceeded();

        await Ctr("snapshots", "rm", "again");
        await Ctr("snapshots", "rm", "saved");
        await Ctr("containers", "rm", "one");
        await Ctr("images", "rm", "--sync", TestImage.Name);
        await Node.Containerd.CollectGarbageAsync();

        Assert.That(await Node.Snapshotter.ListAsync(), Is.Empty);
        await Eventually.TrueAsync(() => Directory.GetFileSystemEntries(Snapshots).Length == 0, "the content of all snapshots is gone");
        await Eventually.TrueAsync(() => !LoopDevices().Any(), "no loop device keeps an image");
    }

    [Test]
    public async Task View_shows_the_files_of_its_parent_and_is_read_only()
    {
        await Ctr("snapshots", "view", "look", await TopLayer());
        var root = await MountSnapshot("look");

        Assert.That((await Node.Box.RunAsync(["cat", $"{root}/layers/changed.txt"])).Output, Is.EqualTo("written by layer 2, changed by layer 3\n"));
        Assert.That((await Node.Box.RunAsync(["touch", $"{root}/new.txt"])).Error, Does.Contain("Read-only file system"));
    }

    [Test]
    public async Task Start_without_the_store_is_refused_while_a_container_runs_until_it_is_back()
    {
        await Ctr("run", "--detach", "--null-io", TestImage.Name, "one", "sleep", "600");
        await Exec("one", "echo kept >/kept.txt; sync");

        var away = MoveStore(Store, Directory.CreateDirectory(Path.Combine(Node.Box.Folder, "away")).FullName);
        await Node.Snapshotter.KillAsync();
        var before = await TreeAsync();
        var refusal = await Node.Snapshotter.AssertRefusedAsync();

        Assert.That(
            refusal,
            Does.Contain($"the store \"{Store}/metadata.db\" is missing, but there is content of snapshots up to number ").And.Contain("put the store back"));
        Assert.That(refusal.TrimEnd(), Does.Not.Contain('\n'));
        Assert.That(await TreeAsync(), Is.EqualTo(before));
        Assert.That(File.Exists(Path.Combine(Store, "metadata.db")), Is.False);
        Assert.That((await Exec("one", "cat /kept.txt /layers/1.txt; echo more >/more.txt")).Lines, Is.EqualTo(new[] { "kept", "written by layer 1" }));

        MoveStore(away, Store);
        await Node.Snapshotter.StartAsync();
        await ReachSnapshotter();
        Assert.That((await Exec("one", "cat /kept.txt /more.txt")).Lines, Is.EqualTo(new[] { "kept", "more" }));
        Assert.That((await Ctr("run", "--rm", TestImage.Name, "two")).Lines[1..], Is.EqualTo(TestImage.Files));
        await Ctr("tasks", "rm", "--force", "one");
        await Ctr("snapshots", "commit", "saved", "one");
    }

    private string Store => Path.Combine(Node.Snapshotter.Root, "store");

    // Moves the store with the files that SQLite keeps beside it.
    private static string MoveStore(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "metadata.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Move(file, Path.Combine(to, Path.GetFileName(file)));

        return to;
    }

    private async Task<string> TopLayer()
    {
        var snapshots = await Node.Snapshotter.ListAsync();
        return snapshots.Select(snapshot => snapshot.Name).Except(snapshots.Select(snapshot => snapshot.Parent)).Single().Split('/')[^1];
    }

    // The content of all snapshots: names, types and sizes.
    private async Task<string[]> TreeAsync() =>
        [.. (await Command.RunAsync(["find", Snapshots, "-printf", "%P %y %s\\n"])).AssertSucceeded().Lines.Order(StringComparer.Ordinal)];

    private IEnumerable<string> LoopDevices() =>
        Directory.GetDirectories("/sys/block", "loop*")
            .Select(device => Path.Combine(device, "loop", "backing_file"))
            .Where(file => File.Exists(file) && File.ReadAllText(file).StartsWith(Node.Box.Folder, StringComparison.Ordinal));
}
