using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>The directory of all snapshots is moved away while the snapshotter runs, or hidden.</summary>
internal sealed class ReplacedDirectoryTests : OverlayTest
{
    [Test]
    public async Task No_snapshot_is_made_and_nothing_is_removed_until_it_is_back()
    {
        await using var process = await StartAsync();
        var calls = process.Calls;
        calls.Layer("base");
        calls.Prepare("removed", "base");
        calls.Prepare("active", "base");
        await AwaitDirectoriesMadeAheadAsync();
        var away = FileOf("away");
        Directory.Move(Root.Snapshots, away);
        Directory.CreateDirectory(Root.Snapshots);
        var directories = Directory.GetDirectories(away).Length;

        AssertPreparesAreRefused(process);
        calls.Remove("removed");
        Rpc.Fails(StatusCode.Unavailable, calls.Cleanup, Root.Snapshots, "put it back");
        Assert.Multiple(() =>
        {
            Assert.That(() => calls.Usage("active"), Throws.Nothing);
            Assert.That(Directory.GetFileSystemEntries(Root.Snapshots), Is.Empty);
            Assert.That(Directory.GetDirectories(away), Has.Length.EqualTo(directories));
        });

        Directory.Delete(Root.Snapshots);
        Directory.Move(away, Root.Snapshots);
        await AssertItWorksAsync(process);
    }

    [Test]
    public async Task A_root_that_is_moved_away_can_come_back()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");
        await AwaitDirectoriesMadeAheadAsync();
        Directory.Move(Root.Path, FileOf("away"));

        AssertPreparesAreRefused(process);

        Directory.Move(FileOf("away"), Root.Path);
        await AssertItWorksAsync(process);
    }

    [Test]
    public async Task A_disk_that_is_mounted_over_it_is_left_alone()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = new RootDirectory(disk.Folder("root"));
        await using var process = await StartOnAsync(root);
        process.Calls.Layer("base");
        process.Calls.Prepare("removed", "base");
        Kernel.Mount(null, "tmpfs", root.Snapshots, "tmpfs", 0, "size=1m");
        disk.Undo(root.Snapshots);
        Directory.CreateDirectory(root.Content(2));

        AssertPreparesAreRefused(process);
        process.Calls.Remove("removed");
        Rpc.Fails(StatusCode.Unavailable, process.Calls.Cleanup, root.Snapshots);
        Assert.That(root.Numbers(), Is.EqualTo(new[] { 2 }), "What is on the disk stays as it is.");

        Kernel.Unmount(root.Snapshots);
        process.Calls.Prepare("key", "base");
        process.Calls.Cleanup();
        Assert.That(root.Numbers(), Is.EqualTo(root.Rows().Select(row => row.Number)));
    }

    private Task AwaitDirectoriesMadeAheadAsync() =>
        Eventually.TrueAsync(() => Root.Numbers().Count > Root.Rows().Count, "directories are made ahead");

    private static void AssertPreparesAreRefused(NativeProcess process)
    {
        for (var i = 0; i < 20; i++)
            Rpc.Fails(StatusCode.Unavailable, () => process.Calls.Prepare("key", "base"), "/snapshots\"", "put it back");
    }

    private async Task AssertItWorksAsync(NativeProcess process)
    {
        for (var i = 0; i < 20; i++)
            Assert.That(process.Calls.Prepare($"key {i}", "base").Single().Directories(), Is.All.Exist);

        process.Calls.Cleanup();
        Assert.That(Root.Numbers(), Is.EqualTo(Root.Rows().Select(row => row.Number)));
        Assert.That((await process.Calls.ListAsync()).Count(info => info.Name.StartsWith("key", StringComparison.Ordinal)), Is.EqualTo(20));
    }
}
