using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>Copies of a parent, and links to directories elsewhere.</summary>
[Category("Root")]
internal sealed class CopyTests
{
    private const string Everything = """
        echo text >file; chmod 4711 file; touch -d '2001-02-03 04:05:06.123456789' file; ln file hard; ln -s nowhere soft
        truncate -s 8M sparse; printf x | dd of=sparse bs=1 seek=4M conv=notrunc status=none
        dd if=/dev/urandom of=full bs=64k count=4 status=none
        mkfifo fifo; mknod character c 1 3; mknod block b 7 200; mkdir -p "deep/with space/$(printf 'line\nbreak')"; chmod 1777 deep
        chown 1234:5678 full; chown -h 1:2 soft
        setfattr -n user.name -v value full; setfattr -n trusted.overlay.opaque -v y deep; setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 full
        mknod whiteout c 0 0; touch -d '1999-01-01' deep .
        """;

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_copy_is_the_same_in_all_that_a_layer_has(string fileSystem)
    {
        Tools.Require("setfattr", "tar");
        using var disk = new SnapshotDisk(await MountedDisk.OfTypeAsync(fileSystem));
        var parent = await disk.MakeAsync(1);
        await SnapshotDisk.RunAsync(parent, Everything);

        await disk.Directories.CopyAsync(2, 1, CancellationToken.None);

        var copy = disk.Directories.ContentPath(2);
        Assert.That(await ArchiveOfAsync(copy), Is.EqualTo(await ArchiveOfAsync(parent)));
        Assert.That(await LinksOfAsync(copy), Is.EqualTo("2"));
        Assert.That(disk.Directories.Measure(2, CancellationToken.None).Size, Is.LessThan(4 << 20), "The hole is kept.");
    }

    [TestCase("btrfs")]
    [TestCase("xfs")]
    public async Task A_copy_shares_the_blocks_where_the_file_system_can(string fileSystem)
    {
        Tools.Require("filefrag");
        using var disk = new SnapshotDisk(await MountedDisk.OfTypeAsync(fileSystem));
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), "dd if=/dev/urandom of=file bs=1M count=4 status=none; sync file");

        await disk.Directories.CopyAsync(2, 1, CancellationToken.None);

        var extents = (await Command.RunAsync(["filefrag", "-v", $"{disk.Directories.ContentPath(2)}/file"])).AssertSucceeded().Output;
        Assert.That(extents, Does.Contain("shared"));
    }

    [Test]
    public async Task A_copy_is_there_after_a_power_cut()
    {
        using var disk = await SnapshotDisk.Ext4Async();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), "mkdir folder; echo content >folder/file");

        await disk.Directories.CopyAsync(2, 1, CancellationToken.None);

        using var after = await disk.Disk.AfterPowerCutAsync();
        Assert.That(File.ReadAllText($"{after.Path}/snapshots/2/fs/folder/file"), Is.EqualTo("content\n"));
    }

    [Test]
    public async Task A_sealed_layer_is_there_after_a_power_cut()
    {
        using var disk = await SnapshotDisk.Ext4Async();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), "mkdir folder; echo content >folder/file");

        await ((ISnapshotContent)disk.Directories).SealAsync(new() { Number = 1, Info = new() { Name = "key", Kind = SnapshotKind.Active } }, CancellationToken.None);

        using var after = await disk.Disk.AfterPowerCutAsync();
        Assert.That(File.ReadAllText($"{after.Path}/snapshots/1/fs/folder/file"), Is.EqualTo("content\n"));
    }

    [Test]
    public async Task A_snapshot_whose_link_leads_nowhere_is_lost()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var elsewhere = disk.Disk.Folder("elsewhere");
        await disk.Directories.MakeLinkAsync(1, elsewhere, CancellationToken.None);
        Assert.That(disk.Directories.IsLost(1), Is.False);

        Directory.Delete(elsewhere);

        Assert.That(disk.Directories.IsLost(1), Is.True);
        Assert.That(disk.Directories.IsLost(2), Is.True);
    }

    [Test]
    public void A_link_to_a_directory_that_is_missing_is_refused_and_leaves_nothing()
    {
        using var disk = SnapshotDisk.Tmpfs();

        Assert.That(() => disk.Directories.MakeLinkAsync(1, "/there/is/none", CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(disk.Directories.List().Numbers, Is.Empty);
    }

    [Test]
    public async Task A_copy_that_does_not_fit_is_resource_exhausted_and_leaves_nothing()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await SnapshotDisk.RunAsync(await disk.MakeAsync(1), "dd if=/dev/urandom of=file bs=1M count=40 status=none");

        Assert.That(
            () => disk.Directories.CopyAsync(2, 1, CancellationToken.None),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.ResourceExhausted));
        Assert.That(disk.Directories.List().Numbers, Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task A_canceled_copy_leaves_nothing()
    {
        using var disk = SnapshotDisk.Tmpfs();
        await disk.MakeAsync(1);

        Assert.That(() => disk.Directories.CopyAsync(2, 1, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(disk.Directories.List().Numbers, Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task A_link_leads_to_a_directory_elsewhere_and_survives_a_power_cut()
    {
        using var disk = await SnapshotDisk.Ext4Async();
        var elsewhere = Directory.CreateTempSubdirectory("layer-");
        try
        {
            await File.WriteAllTextAsync($"{elsewhere.FullName}/file", "content");

            await disk.Directories.MakeLinkAsync(1, elsewhere.FullName, CancellationToken.None);

            using var after = await disk.Disk.AfterPowerCutAsync();
            Assert.That(File.ReadAllText($"{after.Path}/snapshots/1/fs/file"), Is.EqualTo("content"));
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    [Test]
    public async Task A_link_is_removed_without_what_it_leads_to()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var elsewhere = disk.Disk.Folder("elsewhere");
        await File.WriteAllTextAsync($"{elsewhere}/file", "content");
        await disk.Directories.MakeLinkAsync(1, elsewhere, CancellationToken.None);

        var usage = disk.Directories.Measure(1, CancellationToken.None);
        var report = disk.Directories.Remove(1, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(usage.Inodes, Is.EqualTo(1), "The link alone.");
            Assert.That(report.IsComplete, Is.True);
            Assert.That(File.Exists($"{elsewhere}/file"), Is.True);
        });
    }

    [Test]
    public async Task The_child_of_a_link_has_the_owner_of_the_directory_elsewhere()
    {
        using var disk = SnapshotDisk.Tmpfs();
        var elsewhere = disk.Disk.Folder("elsewhere");
        await SnapshotDisk.RunAsync(elsewhere, "chown 1000:2000 .");
        await disk.Directories.MakeLinkAsync(1, elsewhere, CancellationToken.None);

        await disk.Directories.MakeAsync(2, [1]);

        Assert.That(await Facts.OwnerAndModeAsync(disk.Directories.ContentPath(2)), Does.StartWith("1000:2000"));
    }

    [Test]
    public void A_link_to_a_relative_path_is_refused()
    {
        using var disk = SnapshotDisk.Tmpfs();

        Assert.That(() => disk.Directories.MakeLinkAsync(1, "../elsewhere", CancellationToken.None), Throws.ArgumentException);
        Assert.That(disk.Directories.List().Numbers, Is.Empty);
    }

    // The archive has every name, type, mode, owner, time, link, device and attribute.
    private static async Task<string> ArchiveOfAsync(string path) => (await Command.RunAsync(
        ["bash", "-c", $"set -o pipefail; tar --create --sort=name --numeric-owner --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --xattrs --xattrs-include='*' --directory '{path}' . | sha256sum"])).AssertSucceeded().Output;

    private static async Task<string> LinksOfAsync(string path) =>
        (await Command.RunAsync(["stat", "--format", "%h", $"{path}/hard"])).AssertSucceeded().Output.Trim();
}
