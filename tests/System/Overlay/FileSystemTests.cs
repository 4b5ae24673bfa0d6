using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Overlay;

/// <summary>The snapshotter on the file systems that the documentation recommends.</summary>
internal sealed class FileSystemTests : OverlayTest
{
    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task Layers_and_containers_work_and_a_restart_finds_them(string fileSystem)
    {
        using var disk = await MountedDisk.OfTypeAsync(fileSystem);
        var root = new RootDirectory(disk.Folder("root"));
        await using (var process = await StartOnAsync(root))
        {
            process.Calls.Layer("base");
            process.Calls.Layer("layer", "base");
            var mounts = process.Calls.Prepare("container", "layer");
            process.Calls.Remove(new RemoveSnapshotRequest { Key = Prepared(process.Calls) });

            AssertMounts(disk, mounts.Single());
            process.Calls.Cleanup();

            var usage = await root.UsageAsync();
            Assert.Multiple(() =>
            {
                Assert.That(root.Numbers(), Is.EqualTo(root.Rows().Select(row => row.Number)));
                foreach (var name in new[] { "base", "layer", "container" })
                    Assert.That(process.Calls.Usage(name), Is.EqualTo(usage[root.NumberOf(name)]), name);
            });
            await process.KillAsync();
        }

        await using var next = await StartOnAsync(root);
        next.Calls.Cleanup();
        Assert.That((await next.Calls.ListAsync()).Select(info => info.Name), Is.EqualTo(new[] { "base", "container", "layer" }));
        Assert.That(next.Log, Does.Contain("3 snapshots in").And.Not.Contain("has lost its content"));
        AssertMounts(disk, next.Calls.Mounts(new() { Key = "container" }).Mounts.Single());
    }

    private static string Prepared(Wire.Snapshots.SnapshotsClient calls)
    {
        calls.Prepare("removed", "base");
        return "removed";
    }

    private static void AssertMounts(MountedDisk disk, Mount mount)
    {
        var target = disk.MountPoint();
        Kernel.Mount(null, mount.Source, target, mount.Type, 0, string.Join(',', mount.Options));
        File.AppendAllText($"{target}/from-base", " and more");
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText($"{target}/from-layer"), Is.EqualTo("layer"));
            Assert.That(File.ReadAllText($"{target}/from-base"), Does.StartWith("base and more"));
        });
        Kernel.Unmount(target);
    }
}
