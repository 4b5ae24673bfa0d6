using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>Directories that are made before the calls that need them.</summary>
[Category("Root")]
internal sealed class MakeAheadTests
{
    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_directory_made_ahead_is_used_and_gets_its_owner(string fileSystem)
    {
        using var disk = await MountedDisk.OfTypeAsync(fileSystem);
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        await directories.MakeAheadAsync([1, 2]);
        var made = directories.List().Numbers;
        await directories.MakeAsync(1);
        await directories.MakeAsync(2, [1], Labels.Mapping("0:1000:10", "0:2000:10"));

        Assert.Multiple(async () =>
        {
            Assert.That(made, Is.EquivalentTo(new[] { 1, 2 }));
            Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(1)), Is.EqualTo("0:0 755"));
            Assert.That(await Facts.OwnerAndModeAsync(directories.WorkPath(1)), Is.EqualTo("0:0 711"));
            Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(2)), Is.EqualTo("1000:2000 755"));
        });
    }

    [Test]
    public async Task Unused_directories_made_ahead_are_removed_at_the_end()
    {
        using var disk = MountedDisk.Tmpfs();
        using (var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true }))
        {
            await directories.MakeAheadAsync([1, 2, 3]);
            await directories.MakeAsync(2);
        }

        using var again = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        Assert.That(again.List().Numbers, Is.EqualTo(new[] { 2 }));
    }

    [TestCase("snapshots/1")]
    [TestCase("snapshots/1/fs")]
    public async Task A_directory_made_ahead_that_was_deleted_is_made_again(string deleted)
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAheadAsync([1]);
        Directory.Delete($"{disk.Path}/{deleted}", recursive: true);

        await directories.MakeAsync(1);

        Assert.That(directories.ContentPath(1), Does.Exist);
        Assert.That(directories.WorkPath(1), Does.Exist);
    }

    [Test]
    public async Task Another_directory_in_the_place_of_one_made_ahead_is_not_used()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAheadAsync([1]);
        Directory.Move(directories.ContentPath(1), $"{disk.Path}/elsewhere");
        Directory.CreateDirectory($"{directories.ContentPath(1)}/foreign");

        Assert.That(() => directories.MakeAsync(1), Throws.InstanceOf<SnapshotterException>().With.Message.Contains("exists already"));
    }

    [TestCase("a parent that is gone")]
    [TestCase("a mapping that is malformed")]
    [TestCase("cancellation")]
    public async Task A_failed_call_removes_its_directory_made_ahead(string why)
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAheadAsync([1]);

        Assert.That(
            () => directories.MakeEmptyAsync(
                1,
                why == "a parent that is gone" ? [7] : [],
                why == "a mapping that is malformed" ? Labels.Mapping("0", "0") : Labels.None,
                new CancellationToken(canceled: why == "cancellation")).AsTask(),
            Throws.Exception);
        Assert.That(directories.List().Numbers, Is.Empty);
    }

    [Test]
    public async Task A_directory_made_ahead_can_be_removed()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAheadAsync([1]);

        var report = directories.Remove(1, CancellationToken.None);
        await directories.MakeAsync(1);

        Assert.Multiple(() =>
        {
            Assert.That(report.IsComplete, Is.True);
            Assert.That(Directory.Exists(directories.ContentPath(1)), Is.True, "It is not taken for made.");
        });
    }

    [Test]
    public void A_disk_that_fills_up_while_directories_are_made_ahead_leaves_nothing()
    {
        using var disk = MountedDisk.Tmpfs("nr_inodes=32");
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        Assert.That(
            () => directories.MakeAheadAsync([.. Enumerable.Range(1, 20).Select(number => (long)number)]),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.ResourceExhausted));
        Assert.That(directories.List().Numbers, Is.Empty);
    }

    [Test]
    public async Task A_failed_batch_leaves_only_the_directory_that_existed_before()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAsync(2);

        Assert.That(
            () => directories.MakeAheadAsync([1, 2, 3]),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.Internal));
        Assert.That(directories.List().Numbers, Is.EqualTo(new[] { 2 }));
    }
}
