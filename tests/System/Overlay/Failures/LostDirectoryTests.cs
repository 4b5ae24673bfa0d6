using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>Snapshots' directories that another program deletes, or mounts something in.</summary>
internal sealed class LostDirectoryTests : OverlayTest
{
    [Test]
    public async Task A_lost_parent_fails_only_new_snapshots_on_it()
    {
        await using var process = await StartAsync();
        var calls = process.Calls;
        calls.Layer("base");
        calls.Layer("lost", "base");
        calls.Prepare("on-lost", "lost");
        Directory.Delete($"{Root.Snapshots}/{Root.NumberOf("lost")}", recursive: true);
        var before = await StateBefore.OfAsync(process, Root, without: "lost");

        Rpc.Fails(StatusCode.DataLoss, () => calls.Prepare("key", "lost"), Root.Content(Root.NumberOf("lost")), "of the parent is gone");
        Rpc.Fails(StatusCode.DataLoss, () => calls.View("view", "lost"), Root.Content(Root.NumberOf("lost")), "of the parent is gone");
        Rpc.Fails(StatusCode.DataLoss, () => calls.Prepare(MappedOn("lost")), "of the parent is gone");
        await before.AssertUnchangedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(calls.Stat(new() { Key = "lost" }).Info.Parent, Is.EqualTo("base"));
            Assert.That(calls.Mounts(new() { Key = "on-lost" }).Mounts.Single().Lower(), Has.Count.EqualTo(2));
            Assert.That(() => calls.Layer("other", "base"), Throws.Nothing);
            Assert.That(() => calls.Remove("on-lost"), Throws.Nothing);
            Assert.That(() => calls.Remove("lost"), Throws.Nothing);
            Assert.That(() => calls.Layer("lost", "base"), Throws.Nothing);
        });
    }

    [Test]
    public async Task A_container_whose_directory_is_gone_can_only_be_removed()
    {
        await using var process = await StartAsync();
        process.Calls.Prepare("lost");
        Directory.Delete($"{Root.Snapshots}/{Root.NumberOf("lost")}", recursive: true);

        Rpc.Fails(StatusCode.DataLoss, () => process.Calls.Usage("lost"), "gone");
        Rpc.Fails(StatusCode.DataLoss, () => process.Calls.Commit("layer", "lost"), "gone");
        Assert.Multiple(() =>
        {
            Assert.That(() => process.Calls.Stat(new() { Key = "lost" }), Throws.Nothing);
            Assert.That(() => process.Calls.Remove("lost"), Throws.Nothing);
        });
    }

    [Test]
    public async Task A_start_logs_lost_directories()
    {
        string directory;
        await using (var earlier = await StartAsync())
        {
            earlier.Calls.Layer("lost");
            earlier.Calls.Layer("there");
            directory = $"{Root.Snapshots}/{Root.NumberOf("lost")}";
            await earlier.StopAsync("TERM");
        }

        Directory.Delete(directory, recursive: true);
        await using var process = await StartAsync();
        var (_, log) = await process.StopAsync("TERM");

        Assert.That(log, Does.Contain($"The Committed snapshot \"lost\", number {Path.GetFileName(directory)}, has lost its content").And.Contain("2 snapshots"));
        Assert.That(log, Does.Not.Contain("\"there\" has lost"));
    }

    [Test]
    public async Task A_mount_in_a_removed_snapshot_survives_and_the_rest_is_removed_after_its_unmount()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = new RootDirectory(disk.Folder("root"));
        await using var process = await StartOnAsync(root);
        var mounted = Directory.CreateDirectory(Path.Combine(process.Calls.Prepare("busy").Writable(), "a", "mounted")).FullName;
        var directory = $"{root.Snapshots}/{root.NumberOf("busy")}";
        await File.WriteAllTextAsync(Path.Combine(mounted, "..", "file"), "the snapshot's");
        Kernel.Mount(null, "tmpfs", mounted, "tmpfs", 0, "size=1m");
        disk.Undo(mounted);
        await File.WriteAllTextAsync(Path.Combine(mounted, "file"), "somebody else's");

        process.Calls.Remove("busy");
        process.Calls.Cleanup();

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(Path.Combine(mounted, "file")), Is.EqualTo("somebody else's"));
            Assert.That(File.Exists(Path.Combine(mounted, "..", "file")), Is.False);
            Assert.That(() => process.Calls.Prepare("busy"), Throws.Nothing, "The key is free.");
        });

        Kernel.Unmount(mounted);
        process.Calls.Cleanup();
        Assert.That(Directory.Exists(directory), Is.False);

        var (_, log) = await process.StopAsync("TERM");
        Assert.That(log, Does.Contain($"Cannot remove all content of snapshot number {Path.GetFileName(directory)}").And.Contain("a/mounted"));
    }

    private static PrepareSnapshotRequest MappedOn(string parent) => new()
    {
        Key = "mapped",
        Parent = parent,
        Labels = { ["containerd.io/snapshot/uidmapping"] = "0:100000:65536", ["containerd.io/snapshot/gidmapping"] = "0:100000:65536" },
    };
}
