using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Trees;

[Category("Root")]
internal sealed class UsageTests
{
    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task Usage_is_what_du_measures(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, """
            mkdir -p a/b/c empty; head -c 100000 /dev/zero > a/file; touch a/b/none; echo text > a/b/c/text
            ln a/file empty/linked; ln -s /etc/passwd out; mkfifo fifo; mknod null c 1 3; truncate -s 10M sparse
            for i in $(seq 3000); do echo > "empty/a-file-with-a-long-name-$i"; done
            """);

        var usage = Measure(disk, 1);

        Assert.That(usage, Is.EqualTo(await Facts.UsageAsync(content)));
        Assert.That(usage.Inodes, Is.EqualTo(3012));
    }

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task An_empty_snapshot_has_one_inode(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        await disk.MakeAsync(1);

        Assert.That(Measure(disk, 1).Inodes, Is.EqualTo(1));
    }

    [Test]
    public async Task A_file_with_many_links_counts_once()
    {
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "head -c 1000000 /dev/zero > file");
        var before = Measure(disk, 1);
        await SnapshotDisk.RunAsync(content, "for i in 1 2 3; do ln file $i; done");

        Assert.That(Measure(disk, 1), Is.EqualTo(before));
    }

    [Test]
    public async Task Holes_take_no_space()
    {
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        var before = Measure(disk, 1);
        await SnapshotDisk.RunAsync(content, "truncate -s 1G sparse");

        Assert.That(Measure(disk, 1), Is.EqualTo(before with { Inodes = 2 }));
    }

    [Test]
    public async Task Targets_of_links_do_not_count()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "ln -s / root; ln -s . self");

        Assert.That(Measure(disk, 1).Inodes, Is.EqualTo(3));
    }

    [Test]
    public async Task A_subvolume_in_a_snapshot_counts()
    {
        Tools.Require("btrfs");
        using var disk = await SnapshotDisk.OfTypeAsync("btrfs");
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "btrfs subvolume create sub >&2; touch sub/file");

        Assert.That(Measure(disk, 1).Inodes, Is.EqualTo(3));
    }

    [Test]
    public async Task Mounts_in_a_snapshot_do_not_count()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        var elsewhere = disk.Disk.Folder("elsewhere");
        await SnapshotDisk.RunAsync(elsewhere, "touch 1 2 3");
        await SnapshotDisk.RunAsync(content, $"mkdir mounted; touch file; mount --no-mtab --bind {elsewhere} mounted; mount --no-mtab --bind {elsewhere}/1 file");
        disk.Disk.Undo($"{content}/mounted");
        disk.Disk.Undo($"{content}/file");

        Assert.That(Measure(disk, 1).Inodes, Is.EqualTo(1));
    }

    [Test]
    public async Task A_path_may_be_longer_than_the_kernel_takes()
    {
        Tools.Require("perl");
        using var disk = SnapshotDisk.Tmpfs();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), DeepTree.Make(5000));

        Assert.That(Measure(disk, 1).Inodes, Is.EqualTo(1 + 5000 + 5000));
    }

    [Test]
    public async Task A_tree_may_change_during_the_measurement()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        using var changing = new ChangingTree(content);

        for (var round = 0; round < 200; round++)
            Assert.That(Measure(disk, 1).Inodes, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_measurement_can_be_canceled()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);

        Assert.That(() => disk.Directories.Measure(1, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_missing_directory_is_data_loss()
    {
        using var disk = SnapshotDisk.Tmpfs();

        Assert.That(
            () => Measure(disk, 1),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.DataLoss).And.Message.Contains("/snapshots/1/fs"));
    }

    private static SnapshotUsage Measure(SnapshotDisk disk, long number) => disk.Directories.Measure(number, CancellationToken.None);
}
