using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>Content in files with a file system.</summary>
[Category("Root")]
internal sealed class FileTests
{
    private const long Size = 8 << 20;

    private static readonly SnapshotFileFormat Ext4 = new()
    {
        FileSystem = "ext4",
        Size = Size,
        Command = path => ["mkfs.ext4", "-q", "-F", path],
        MountOptions = ["discard"],
    };

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_file_is_formatted_and_its_child_has_its_files(string fileSystem)
    {
        using var disk = await MountedDisk.OfTypeAsync(fileSystem);
        using var files = SnapshotFiles.Open(disk.Path, Ext4);
        await files.MakeAsync(Active(1), CancellationToken.None);
        await WriteAsync(disk, files, 1, "echo content >file");

        await files.MakeAsync(Active(2, 1), CancellationToken.None);
        await WriteAsync(disk, files, 2, "cat file; echo more >file");

        Assert.That(await WriteAsync(disk, files, 1, "cat file"), Is.EqualTo("content\n"), "The parent stays as it is.");
        Assert.That(files.List().Numbers, Is.EquivalentTo(new[] { 1L, 2L }));
    }

    [Test]
    public async Task A_file_takes_only_what_is_written()
    {
        using var disk = MountedDisk.Tmpfs();
        using var files = SnapshotFiles.Open(disk.Path, Ext4);
        await files.MakeAsync(Active(1), CancellationToken.None);

        var usage = await files.MeasureAsync(Active(1), CancellationToken.None);

        Assert.That(new FileInfo(files.PathOf(1)).Length, Is.EqualTo(Size));
        Assert.That(usage.Size, Is.InRange(1, Size / 2));
        Assert.That(usage.Inodes, Is.EqualTo(1));
    }

    [Test]
    public void Mounts_are_of_the_file_or_of_a_views_parent()
    {
        using var disk = MountedDisk.Tmpfs();
        using var files = SnapshotFiles.Open(disk.Path, Ext4);

        Assert.Multiple(() =>
        {
            Assert.That(files.Mounts(Active(2, 1)).Single(), Is.EqualTo(new Mount { Type = "ext4", Source = $"{disk.Path}/snapshots/2", Options = ["rw", "loop", "discard"] }));
            Assert.That(files.Mounts(View(2, 1)).Single(), Is.EqualTo(new Mount { Type = "ext4", Source = $"{disk.Path}/snapshots/1", Options = ["ro", "loop", "discard"] }));
        });
    }

    [Test]
    public async Task A_view_of_a_parent_takes_no_space()
    {
        using var disk = MountedDisk.Tmpfs();
        using var files = SnapshotFiles.Open(disk.Path, Ext4);
        await files.MakeAsync(Active(1), CancellationToken.None);

        await files.MakeAsync(View(2, 1), CancellationToken.None);

        Assert.That(new FileInfo(files.PathOf(2)).Length, Is.Zero);
    }

    [Test]
    public void A_failed_format_leaves_nothing()
    {
        using var disk = MountedDisk.Tmpfs();
        using var files = SnapshotFiles.Open(disk.Path, Ext4 with { Command = path => ["sh", "-c", "echo bad option >&2; exit 1"] });

        Assert.That(async () => await files.MakeAsync(Active(1), CancellationToken.None), Throws.TypeOf<IOException>().With.Message.Contains("bad option"));
        Assert.That(files.List().Numbers, Is.Empty);
    }

    [Test]
    public async Task A_number_that_was_used_is_refused_and_its_file_stays()
    {
        using var disk = MountedDisk.Tmpfs();
        using var files = SnapshotFiles.Open(disk.Path, Ext4);
        await files.MakeAsync(Active(1), CancellationToken.None);

        Assert.That(
            async () => await files.MakeAsync(Active(1), CancellationToken.None),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.Internal));
        Assert.That(files.List().Numbers, Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task A_sealed_file_is_there_after_a_power_cut()
    {
        using var disk = await MountedDisk.Ext4Async();
        using var files = SnapshotFiles.Open(disk.Path, Ext4);
        await files.MakeAsync(Active(1), CancellationToken.None);
        await WriteAsync(disk, files, 1, "echo content >file");
        await files.SealAsync(Active(1), CancellationToken.None);

        using var after = await disk.AfterPowerCutAsync();

        Assert.That(await File.ReadAllBytesAsync($"{after.Path}/snapshots/1"), Is.EqualTo(await File.ReadAllBytesAsync(files.PathOf(1))));
    }

    [Test]
    public async Task A_removed_file_is_gone_and_removing_it_again_is_no_error()
    {
        using var disk = MountedDisk.Tmpfs();
        using var files = SnapshotFiles.Open(disk.Path, Ext4);
        await files.MakeAsync(Active(1), CancellationToken.None);

        var first = await files.RemoveAsync(1, CancellationToken.None);
        var second = await files.RemoveAsync(1, CancellationToken.None);

        Assert.That((first!.IsComplete, first.Freed.Inodes, second!.IsComplete), Is.EqualTo((true, 1, true)));
        Assert.That(files.List().Numbers, Is.Empty);
    }

    private static StoredSnapshot Active(long number, params long[] parents) => Snapshot(SnapshotKind.Active, number, parents);

    private static StoredSnapshot View(long number, params long[] parents) => Snapshot(SnapshotKind.View, number, parents);

    private static StoredSnapshot Snapshot(SnapshotKind kind, long number, long[] parents) =>
        new() { Number = number, Parents = parents, Info = new() { Name = $"{number}", Kind = kind } };

    // Mounts it as containerd does, and runs a script in it.
    private static async Task<string> WriteAsync(MountedDisk disk, SnapshotFiles files, long number, string script)
    {
        var mount = files.Mounts(Active(number)).Single();
        var target = disk.Folder($"mounted{number}");
        return (await Command.RunAsync(
            ["bash", "-c", $"set -e; mount --no-mtab -t {mount.Type} -o {string.Join(',', mount.Options)} {mount.Source} {target}; trap 'cd /; umount {target}' EXIT; cd {target}; {script}"])).AssertSucceeded().Output;
    }
}
