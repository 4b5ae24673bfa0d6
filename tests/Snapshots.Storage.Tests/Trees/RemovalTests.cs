using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Trees;

[Category("Root")]
internal sealed class RemovalTests
{
    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task Everything_is_removed_and_reported(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, """
            mkdir -p a/b/c closed/inside; head -c 100000 /dev/zero > a/file; ln a/file a/linked; mkfifo fifo; mknod null c 1 3
            touch closed/inside/file; chmod 0 closed closed/inside; touch -- $'new\nline' $'not-utf8-\xff\xfe' ' ' '*' -rf
            for i in $(seq 3000); do echo > "a/b/a-file-with-a-long-name-$i"; done
            """);
        var before = await Facts.UsageAsync($"{disk.Disk.Path}/snapshots/1");

        var report = Remove(disk, 1);

        Assert.Multiple(() =>
        {
            Assert.That(report.IsComplete, Is.True);
            Assert.That(report.Failures, Is.Empty);
            Assert.That(report.Freed, Is.EqualTo(before));
            Assert.That(disk.Directories.List().Numbers, Is.Empty);
        });
    }

    [Test]
    public void Removing_a_missing_directory_succeeds()
    {
        using var disk = SnapshotDisk.Tmpfs();

        Assert.That(Remove(disk, 1), Is.EqualTo(new RemovalReport(SnapshotUsage.None, 0, [])).Using<RemovalReport>((one, other) =>
            one.Freed == other.Freed && one.FailureCount == other.FailureCount));
    }

    [Test]
    public async Task Links_are_removed_and_not_followed()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        var outside = disk.Disk.Folder("outside");
        await SnapshotDisk.RunAsync(outside, "touch file; mkdir directory");
        await SnapshotDisk.RunAsync(content, $"ln -s {outside} absolute; ln -s ../../../outside relative; ln -s {outside}/file file; ln {outside}/file linked; ln -s . self");

        var report = Remove(disk, 1);

        Assert.That(report.IsComplete, Is.True);
        Assert.That(Directory.GetFileSystemEntries(outside), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_link_in_the_place_of_a_snapshots_directory_is_not_followed()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var outside = disk.Disk.Folder("outside");
        await SnapshotDisk.RunAsync(outside, "mkdir fs; touch fs/file");
        await SnapshotDisk.RunAsync($"{disk.Disk.Path}/snapshots", "ln -s ../outside 1");

        Remove(disk, 1);

        Assert.That(File.Exists($"{outside}/fs/file"), Is.True);
        Assert.That(disk.Directories.List().Numbers, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_mount_in_a_snapshot_is_not_touched(bool sameFileSystem)
    {
        using var disk = SnapshotDisk.Tmpfs();
        using var other = MountedDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        var outside = sameFileSystem ? disk.Disk.Folder("outside") : other.Folder("outside");
        await SnapshotDisk.RunAsync(outside, "mkdir directory; touch file directory/file");
        await SnapshotDisk.RunAsync(content, $"mkdir -p a/mounted; touch a/file a/other; mount --no-mtab --bind {outside} a/mounted; mount --no-mtab --bind {outside}/file a/file");
        disk.Disk.Undo($"{content}/a/mounted");
        disk.Disk.Undo($"{content}/a/file");

        var report = Remove(disk, 1);

        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFileSystemEntries(outside, "*", SearchOption.AllDirectories), Has.Length.EqualTo(3));
            Assert.That(report.Failures.Select(failure => failure.Path), Is.EquivalentTo(new[] { "1/fs/a/mounted", "1/fs/a/file" }));
            Assert.That(report.Failures.Select(failure => failure.Reason), Has.All.Contains("mounted").And.All.Contains("unmount"));
            Assert.That(report.FailureCount, Is.EqualTo(2));
            Assert.That(File.Exists($"{content}/a/other"), Is.False, "The rest goes.");
        });

        Kernel.Unmount($"{content}/a/mounted");
        Kernel.Unmount($"{content}/a/file");
        Assert.That(Remove(disk, 1).IsComplete, Is.True);
        Assert.That(Directory.GetFileSystemEntries(outside, "*", SearchOption.AllDirectories), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task A_snapshots_directory_that_is_a_mount_itself_is_not_touched()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var content = await disk.MakeAsync(1);
        var outside = disk.Disk.Folder("outside");
        await SnapshotDisk.RunAsync(outside, $"touch file; mount --no-mtab --bind {outside} {disk.Disk.Path}/snapshots/1");
        disk.Disk.Undo($"{disk.Disk.Path}/snapshots/1");

        Assert.That(Remove(disk, 1).Failures.Single().Path, Is.EqualTo("1"));
        Assert.That(File.Exists($"{outside}/file"), Is.True);
    }

    [Test]
    public async Task Immutable_files_stay_and_are_reported_with_a_remedy()
    {
        Tools.Require("chattr");
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "mkdir -p a b c; touch a/immutable a/append a/other b/1 b/2; chattr +i a/immutable b; chattr +a a/append");

        var report = Remove(disk, 1);

        Assert.Multiple(() =>
        {
            Assert.That(
                report.Failures.Select(failure => failure.ToString()),
                Is.EquivalentTo(new[]
                {
                    "\"1/fs/a/immutable\": it is immutable; use chattr -i",
                    "\"1/fs/a/append\": it can be appended to only; use chattr -a",
                    "\"1/fs/b\": it is immutable; use chattr -i",
                }));
            Assert.That(Directory.GetFileSystemEntries($"{disk.Disk.Path}/snapshots/1", "*", SearchOption.AllDirectories), Has.Length.EqualTo(7), "The rest goes.");
        });

        await SnapshotDisk.RunAsync(content, "chattr -i a/immutable b; chattr -a a/append");
        Assert.That(Remove(disk, 1).IsComplete, Is.True);
    }

    [Test]
    public async Task Names_that_are_not_text_are_reported_escaped()
    {
        Tools.Require("chattr");
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "mkdir 'é'; touch é/$'a\\nb\\xff\\\\'; chattr +i é/*");

        var report = Remove(disk, 1);

        Assert.That(report.Failures.Single().Path, Is.EqualTo("1/fs/é/a\\x0ab\\xff\\x5c"));
        await SnapshotDisk.RunAsync(content, "chattr -i é/*");
    }

    [Test]
    public async Task Only_the_first_hundred_failures_are_listed_and_all_are_counted()
    {
        Tools.Require("chattr");
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, "for i in $(seq 150); do echo > $i; done; chattr +i *");

        var report = Remove(disk, 1);

        Assert.That((report.FailureCount, report.Failures.Count), Is.EqualTo((150, 100)));
        await SnapshotDisk.RunAsync(content, "chattr -i *");
    }

    [Test]
    public async Task A_path_may_be_longer_than_the_kernel_takes()
    {
        Tools.Require("perl");
        using var disk = SnapshotDisk.Tmpfs();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), DeepTree.Make(5000));

        var report = Remove(disk, 1);

        Assert.That(report.IsComplete, Is.True);
        Assert.That(report.Freed.Inodes, Is.EqualTo(3 + 5000 + 5000));
    }

    [Test]
    public async Task A_very_long_path_is_reported_without_its_middle()
    {
        Tools.Require("perl", "chattr");
        using var disk = await SnapshotDisk.Ext4Async();
        var content = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(content, $"{DeepTree.Make(300)}; cd $(printf 'directory/%.0s' $(seq 300)); touch last; chattr +i last");

        var path = Remove(disk, 1).Failures.Single().Path;

        Assert.That(path, Has.Length.LessThan(1100).And.StartsWith("1/fs/directory/").And.EndsWith("/directory/last"));
        await SnapshotDisk.RunAsync(content, "chattr -R -i .");
    }

    // It has another device number than the directory above.
    [Test]
    public async Task A_subvolume_in_a_snapshot_is_removed()
    {
        Tools.Require("btrfs");
        using var disk = await SnapshotDisk.OfTypeAsync("btrfs");
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), "btrfs subvolume create sub >&2; mkdir sub/directory; touch sub/directory/file");

        var report = Remove(disk, 1);

        Assert.That(report.Failures, Is.Empty);
        Assert.That(disk.Directories.List().Numbers, Is.Empty);
    }

    [TestCase("tmpfs")]
    [TestCase("ext4")]
    [TestCase("xfs")]
    [TestCase("btrfs")]
    public async Task A_tree_may_change_during_the_removal(string fileSystem)
    {
        using var disk = fileSystem == "tmpfs" ? SnapshotDisk.Tmpfs() : await SnapshotDisk.OfTypeAsync(fileSystem);
        for (var round = 0; round < 50; round++)
        {
            var content = await disk.MakeAsync(round);
            using (new ChangingTree(content))
                Assert.That(() => Remove(disk, round), Throws.Nothing);

            Assert.That(Remove(disk, round).IsComplete, Is.True);
        }
    }

    [Test]
    public async Task A_removal_can_be_canceled_and_continued_later()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), "mkdir -p a/b; touch a/b/c");

        Assert.That(() => disk.Directories.Remove(1, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(disk.Directories.Exists(1), Is.True);
        Assert.That(Remove(disk, 1).IsComplete, Is.True);
    }

    private static RemovalReport Remove(SnapshotDisk disk, long number) => disk.Directories.Remove(number, CancellationToken.None);
}
