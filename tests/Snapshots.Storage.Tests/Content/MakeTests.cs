using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Content;

[Category("Root")]
internal sealed class MakeTests
{
    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_snapshot_has_a_directory_for_its_changes_and_one_for_the_kernel(string fileSystem)
    {
        using var disk = await MountedDisk.OfTypeAsync(fileSystem);
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        await directories.MakeAsync(7);

        Assert.Multiple(async () =>
        {
            Assert.That(await Facts.OwnerAndModeAsync($"{disk.Path}/snapshots/7"), Is.EqualTo("0:0 700"));
            Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(7)), Is.EqualTo("0:0 755"));
            Assert.That(await Facts.OwnerAndModeAsync(directories.WorkPath(7)), Is.EqualTo("0:0 711"));
            Assert.That(directories.ContentPath(7), Is.EqualTo($"{disk.Path}/snapshots/7/fs"));
            Assert.That(directories.Exists(7), Is.True);
            Assert.That(directories.Exists(8), Is.False);
            Assert.That(directories.List().Numbers, Is.EqualTo(new[] { 7L }));
        });
    }

    [Test]
    public async Task Modes_do_not_depend_on_the_umask()
    {
        using var disk = MountedDisk.Tmpfs();
        var mask = Kernel.Mask(0b000_111_111);
        try
        {
            using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
            await directories.MakeAsync(1);

            Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(1)), Is.EqualTo("0:0 755"));
            Assert.That(await Facts.OwnerAndModeAsync(directories.WorkPath(1)), Is.EqualTo("0:0 711"));
        }
        finally
        {
            Kernel.Mask(mask);
        }
    }

    [Test]
    public async Task Owners_and_modes_do_not_depend_on_the_directory_above()
    {
        using var disk = MountedDisk.Tmpfs();
        var snapshots = disk.Folder("snapshots");
        (await Processes.Command.RunAsync(["chown", "0:55", snapshots])).AssertSucceeded();
        (await Processes.Command.RunAsync(["chmod", "2700", snapshots])).AssertSucceeded();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        await directories.MakeAsync(1);

        Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(1)), Is.EqualTo("0:0 755"));
    }

    [Test]
    public async Task Without_id_mapping_the_nearest_parents_owner_is_taken()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAsync(1);
        await directories.MakeAsync(2);
        (await Processes.Command.RunAsync(["chown", "1000:2000", directories.ContentPath(2)])).AssertSucceeded();

        await directories.MakeAsync(3, parents: [2, 1]);

        Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(3)), Is.EqualTo("1000:2000 755"));
    }

    [TestCase("0:100000:65536", "0:200000:65536", "100000:200000 755")]
    [TestCase("1:100000:10,0:500:1", "0:600:1", "500:600 755")]
    [TestCase("0:100000:65536", null, "100000:0 755")]
    public async Task With_id_mapping_the_containers_root_is_the_owner(string users, string? groups, string expected)
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAsync(1);

        await directories.MakeAsync(2, [1], Labels.Mapping(users, groups));

        Assert.That(await Facts.OwnerAndModeAsync(directories.ContentPath(2)), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("0:1")]
    [TestCase("0:1:2:3")]
    [TestCase("0:1:0")]
    [TestCase("0:-1:2")]
    [TestCase("0: 1:2")]
    [TestCase("0:4294967295:1")]
    [TestCase("0:1:1,")]
    [TestCase("0:1:1,5:6:x")]
    [TestCase("1:100000:65536")]
    public void A_mapping_that_is_malformed_or_has_no_root_is_refused(string mapping)
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        if (mapping.Length == 0)
        {
            Assert.That(async () => await directories.MakeAsync(1, [], Labels.Mapping("", "")), Throws.Nothing, "An empty label is none.");
            return;
        }

        Assert.That(
            () => directories.MakeAsync(1, [], Labels.Mapping(mapping, "0:0:1")),
            Throws.TypeOf<SnapshotterException>()
                .With.Property("Error").EqualTo(SnapshotterError.InvalidArgument).And.Message.Contains(mapping).And.Message.Contains("uidmapping"));
        Assert.That(directories.List().Numbers, Is.Empty);
    }

    [Test]
    public void A_parent_without_its_directory_is_data_loss()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        Assert.That(
            () => directories.MakeAsync(2, parents: [1]),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.DataLoss).And.Message.Contains("/snapshots/1/fs"));
        Assert.That(directories.List().Numbers, Is.Empty);
    }

    // AlreadyExists would tell containerd that the layer need not be fetched.
    [Test]
    public async Task A_number_that_was_used_before_is_an_internal_error_and_its_content_stays()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAsync(1);
        File.WriteAllText($"{directories.ContentPath(1)}/file", "content");

        Assert.That(
            () => directories.MakeAsync(1),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.Internal).And.Message.Contains("number 1"));
        Assert.That(File.ReadAllText($"{directories.ContentPath(1)}/file"), Is.EqualTo("content"));
    }

    // The root of the disk and `snapshots` have an inode each; a snapshot's directory takes three.
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_disk_that_is_full_at_any_step_leaves_nothing(int free)
    {
        using var disk = MountedDisk.Tmpfs("nr_inodes=32");
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        var fillers = Fill(disk.Path);
        for (var index = 0; index < free; index++)
            File.Delete(fillers.Pop());

        Assert.That(
            () => directories.MakeAsync(1),
            Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.ResourceExhausted).And.Message.Contains("number 1"));
        Assert.That(directories.List().Numbers, Is.Empty);

        while (fillers.TryPop(out var filler))
            File.Delete(filler);
        await directories.MakeAsync(1);
        Assert.That(Directory.Exists(directories.ContentPath(1)), Is.True, "The number can be used again.");
    }

    [Test]
    public void A_canceled_call_leaves_nothing()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        Assert.That(
            () => directories.MakeEmptyAsync(1, [], Labels.None, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(directories.List().Numbers, Is.Empty);
    }

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task Concurrent_calls_all_succeed(string fileSystem)
    {
        using var disk = await MountedDisk.OfTypeAsync(fileSystem);
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });

        await Task.WhenAll(Enumerable.Range(1, 200).Select(number => Task.Run(() => directories.MakeAsync(number))));

        Assert.That(directories.List().Numbers, Is.EquivalentTo(Enumerable.Range(1, 200).Select(number => (long)number)));
    }

    private static Stack<string> Fill(string folder)
    {
        var files = new Stack<string>();
        try
        {
            while (true)
            {
                var file = $"{folder}/filler{files.Count}";
                File.Create(file).Dispose();
                files.Push(file);
            }
        }
        catch (IOException)
        {
            return files;
        }
    }
}
