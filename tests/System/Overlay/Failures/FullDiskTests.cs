using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>Each call on a full disk, then with a little more space until it succeeds: each of its steps fails once.</summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class FullDiskTests(SqliteIn sqlite) : OverlayTest(sqlite)
{
    private const int Page = 4096, Ext4Block = 1024;

    [Test]
    public async Task Prepare_is_refused_without_a_block_for_each_of_its_directories()
    {
        using var disk = await MountedDisk.Ext4Async();
        await using var process = await StartOnAsync(RootOn(disk));
        process.Calls.Layer("base"); // Reserves numbers.

        var refusals = await AssertRefusedUntilThereIsSpaceAsync(process, RootOn(disk), new BlockFiller(disk, Ext4Block), () => process.Calls.Prepare("key", "base"));

        Assert.That(refusals, Has.Count.GreaterThanOrEqualTo(3).And.All.Contains("directory of snapshot number"));
    }

    [Test]
    public async Task Prepare_is_refused_without_an_inode_for_each_of_its_directories()
    {
        using var disk = MountedDisk.Tmpfs("size=64m,nr_inodes=100");
        await using var process = await StartOnAsync(RootOn(disk));
        process.Calls.Layer("base");

        var refusals = await AssertRefusedUntilThereIsSpaceAsync(process, RootOn(disk), new InodeFiller(disk), () => process.Calls.Prepare("key", "base"));

        Assert.That(refusals, Has.Count.EqualTo(3).And.All.Contains("directory of snapshot number"));
    }

    // On such a small disk the database reserves no space, and directories take none.
    [TestCase("Prepare")]
    [TestCase("View")]
    [TestCase("Commit")]
    [TestCase("Update")]
    [TestCase("Remove")]
    public async Task A_call_is_refused_without_space_for_the_database(string name)
    {
        using var disk = MountedDisk.Tmpfs("size=1m");
        var root = RootOn(disk);
        await using (var earlier = await StartOnAsync(root))
        {
            earlier.Calls.Layer("base");
            earlier.Calls.Prepare("active", "base");
            await earlier.StopAsync("TERM");
        }

        File.Delete($"{root.Database}-wal"); // After a stop it only keeps space, which a few changes would fit into.

        await using var process = await StartOnAsync(root);
        var calls = process.Calls;
        Action call = name switch
        {
            "Prepare" => () => calls.Prepare("key", "base"), // The first one: it reserves numbers, too.
            "View" => () => calls.View("key", "base"),
            "Commit" => () => calls.Commit("layer", "active"),
            "Update" => () => calls.Update(new() { Info = new() { Name = "base", Labels = { ["a"] = new string('x', 4000) } } }),
            _ => () => calls.Remove("active"),
        };
        var highest = root.Numbers()[^1];

        var filler = new BlockFiller(disk, Page);
        var refusals = await AssertRefusedUntilThereIsSpaceAsync(process, root, filler, call);
        filler.Free();

        Assert.Multiple(() =>
        {
            Assert.That(refusals, Is.All.Contains("no space is left on the disk of the store").And.Contains("free some"));
            Assert.That(() => calls.Prepare("new", "base"), Throws.Nothing);
            Assert.That(root.NumberOf("new"), Is.GreaterThan(highest));
        });
    }

    [TestCase("tmpfs")]
    [TestCase("ext4")]
    public async Task Removing_works_on_a_full_disk(string kind)
    {
        using var disk = kind == "ext4" ? await MountedDisk.Ext4Async() : MountedDisk.Tmpfs();
        var root = RootOn(disk);
        await using var process = await StartOnAsync(root);
        var keys = Enumerable.Range(0, 20).Select(i => $"key-{i}").ToList();
        foreach (var key in keys)
            process.Calls.Prepare(key);

        var filler = new BlockFiller(disk, kind == "ext4" ? Ext4Block : Page);
        foreach (var key in keys)
        {
            // Takes what a removal has freed.
            process.Calls.Cleanup();
            filler.Leave(0);
            Assert.That(() => process.Calls.Remove(key), Throws.Nothing, key);
        }

        process.Calls.Cleanup();
        Assert.That(root.Numbers(), Is.Empty);
        Assert.That(root.Rows(), Is.Empty);
    }

    [Test]
    public async Task When_the_database_s_reserved_space_is_used_up_changes_are_refused()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = RootOn(disk);
        await using var process = await StartOnAsync(root);
        process.Calls.Layer("base");
        process.Calls.Prepare("active", "base");
        var filler = new BlockFiller(disk, Page);
        filler.Leave(0);

        // Large rows, and then small ones, until none fits: a change takes more pages or fewer, depending on its name's place.
        var made = 0;
        foreach (var label in (string[])[new('x', 4000), ""])
        {
            for (var refused = 0; refused < 20; refused++)
            {
                while (Rpc.StatusOf(() => process.Calls.Prepare(new() { Key = $"key {refused} {made}", Parent = "base", Labels = { ["label"] = label } })).StatusCode == StatusCode.OK)
                    (made, refused) = (made + 1, 0);
            }
        }

        var before = await StateBefore.OfAsync(process, root);
        Rpc.Fails(StatusCode.ResourceExhausted, () => process.Calls.Prepare("key", "base"), "no space is left on the disk of the store");
        Rpc.Fails(StatusCode.ResourceExhausted, () => process.Calls.Commit("layer", "active"), "no space is left on the disk of the store");
        await before.AssertUnchangedAsync();

        filler.Free();
        Assert.Multiple(() =>
        {
            Assert.That(made, Is.GreaterThan(100));
            Assert.That(() => process.Calls.Commit("layer", "active"), Throws.Nothing);
            Assert.That(() => process.Calls.Prepare("key", "layer"), Throws.Nothing);
        });
    }

    private static RootDirectory RootOn(MountedDisk disk) => new($"{disk.Path}/root");

    // Returns the refusals until there was enough space. Asserts that each of them has changed nothing.
    private static async Task<IReadOnlyList<string>> AssertRefusedUntilThereIsSpaceAsync(NativeProcess process, RootDirectory root, Filler filler, Action call)
    {
        process.Calls.Cleanup(); // After this, no directory is made ahead.
        var refusals = new List<string>();
        for (var free = 0; ; free++)
        {
            var before = await StateBefore.OfAsync(process, root);
            filler.Leave(free);
            var status = Rpc.StatusOf(call);
            if (status.StatusCode == StatusCode.OK)
                break;

            Assert.That(status.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted), status.Detail);
            await before.AssertUnchangedAsync();
            refusals.Add(status.Detail);
        }

        Assert.That(refusals, Is.Not.Empty);
        return refusals;
    }
}
