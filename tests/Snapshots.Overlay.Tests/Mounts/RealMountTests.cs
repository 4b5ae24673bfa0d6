using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Mounts;

/// <summary>Mounts in the real kernel.</summary>
[Category("Root")]
internal sealed class RealMountTests
{
    [Test]
    public async Task An_active_snapshot_shows_its_parents_and_keeps_its_changes()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await LayersAsync(directories, 3);
        await directories.MakeAsync(4, [3, 2, 1]);

        var mounted = disk.MountSnapshot(Mounts(directories).Of(SnapshotKind.Active, 4, [3, 2, 1], Labels.None));

        Assert.That(File.ReadAllText($"{mounted}/same"), Is.EqualTo("3"), "The nearest parent's.");
        Assert.That(File.ReadAllText($"{mounted}/only1"), Is.EqualTo("1"));
        File.WriteAllText($"{mounted}/new", "content");
        Assert.That(File.ReadAllText($"{directories.ContentPath(4)}/new"), Is.EqualTo("content"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_view_cannot_be_written(int parents)
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        var chain = await LayersAsync(directories, parents);
        await directories.MakeAsync(9, chain);

        var mounted = disk.MountSnapshot(Mounts(directories).Of(SnapshotKind.View, 9, chain, Labels.None));

        Assert.That(() => File.WriteAllText($"{mounted}/new", "content"), Throws.InstanceOf<IOException>().With.Message.Contains("ead-only"));
        Assert.That(File.Exists($"{mounted}/same"), Is.EqualTo(parents > 0));
    }

    [Test]
    public async Task A_chain_of_128_layers_can_be_mounted()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = disk.Folder(new string('r', 200)); // Longer than any real one.
        using var directories = SnapshotDirectories.Open(root, new() { HasWork = true });
        var chain = await LayersAsync(directories, 128, firstNumber: 1_000_000);
        await directories.MakeAsync(2_000_000, chain);

        var mounts = Mounts(directories).Of(SnapshotKind.Active, 2_000_000, chain, Labels.None);
        Assert.That(mounts[0].Options.Sum(option => option.Length), Is.GreaterThan(4096), "It does not fit as it is.");
        var mounted = disk.MountSnapshot(mounts);

        Assert.That(File.ReadAllText($"{mounted}/same"), Is.EqualTo("1000127"));
        Assert.That(Directory.GetFiles(mounted), Has.Length.EqualTo(129));
    }

    [Test]
    public async Task The_longest_root_that_is_accepted_can_be_mounted_with_128_layers()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = disk.Path;
        while (root.Length < 1024 - 201)
            root = Directory.CreateDirectory($"{root}/{new string('r', 200)}").FullName;
        root = Directory.CreateDirectory($"{root}/{new string('r', 1024 - root.Length - 1)}").FullName;
        using var directories = SnapshotDirectories.Open(root, new() { HasWork = true });
        var chain = await LayersAsync(directories, 128, firstNumber: 1_000_000);
        await directories.MakeAsync(2_000_000, chain);

        var mounted = disk.MountSnapshot(Mounts(directories).Of(SnapshotKind.Active, 2_000_000, chain, Labels.None));

        Assert.That(Directory.GetFiles(mounted), Has.Length.EqualTo(129));
    }

    [Test]
    public async Task Users_other_than_root_can_read_the_mount()
    {
        Tools.Require("setpriv");
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        var chain = await LayersAsync(directories, 2);
        await directories.MakeAsync(9, chain);
        var mounted = disk.MountSnapshot(Mounts(directories).Of(SnapshotKind.Active, 9, chain, Labels.None));

        var read = await Command.RunAsync(["bash", "-c", $"cd {mounted} && exec setpriv --reuid 65534 --regid 65534 --clear-groups cat same only1"]);

        Assert.That(read.AssertSucceeded().Output, Is.EqualTo("21"));
    }

    [Test]
    public async Task The_operators_options_reach_the_kernel()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        var chain = await LayersAsync(directories, 1);
        await directories.MakeAsync(9, chain);
        var mounts = new OverlayMounts(directories, OverlayFeatures.Detect(disk.Path), new() { Extra = ["volatile"] });

        var mounted = disk.MountSnapshot(mounts.Of(SnapshotKind.Active, 9, chain, Labels.None));

        Assert.That(File.ReadAllLines("/proc/self/mounts").Single(line => line.Contains($" {mounted} ")), Does.Contain("volatile"));
    }

    private static OverlayMounts Mounts(SnapshotDirectories directories) =>
        new(directories, OverlayFeatures.Detect(directories.Root), new());

    // Layers with a file of their own and one that all have; returns their numbers, the nearest first.
    private static async Task<List<long>> LayersAsync(SnapshotDirectories directories, int count, long firstNumber = 1)
    {
        List<long> chain = [];
        for (var number = firstNumber; number < firstNumber + count; number++)
        {
            await directories.MakeAsync(number, chain);
            File.WriteAllText($"{directories.ContentPath(number)}/same", $"{number}");
            File.WriteAllText($"{directories.ContentPath(number)}/only{number}", $"{number}");
            chain.Insert(0, number);
        }

        return chain;
    }
}
