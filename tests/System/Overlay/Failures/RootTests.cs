using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>A root directory that cannot be used, now or later.</summary>
internal sealed class RootTests : OverlayTest
{
    [Test]
    public async Task A_missing_root_is_created_for_its_owner_alone()
    {
        var root = new RootDirectory($"{Root.Path}/a/b");

        await using var process = await StartOnAsync(root);

        Assert.Multiple(() =>
        {
            Assert.That(() => process.Calls.Layer("base"), Throws.Nothing);
            Assert.That(File.GetUnixFileMode(root.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        });
    }

    [Test]
    public async Task A_read_only_root_is_refused()
    {
        using var disk = MountedDisk.Tmpfs();
        var root = new RootDirectory(disk.Folder("root"));
        (await Command.RunAsync(["mount", "--no-mtab", "-o", "remount,ro", disk.Path])).AssertSucceeded();

        Assert.That(await AssertRefusedAsync(root), Does.Contain(root.Path).And.Contain("Read-only file system").IgnoreCase);
        Assert.That(Directory.EnumerateFileSystemEntries(root.Path), Is.Empty);
    }

    [Test]
    public async Task A_root_without_write_permission_is_refused()
    {
        using var disk = await MountedDisk.Ext4Async();
        var root = new RootDirectory(disk.Folder("root"));
        (await Command.RunAsync(["chattr", "+i", root.Path])).AssertSucceeded();

        Assert.That(await AssertRefusedAsync(root), Does.Contain($"cannot write in the root directory \"{root.Path}\""));
    }

    [Test]
    public async Task A_file_is_refused()
    {
        await File.WriteAllTextAsync(Root.Path, "not a directory");

        Assert.That(await AssertRefusedAsync(Root), Does.Contain(Root.Path));
    }

    [Test]
    public async Task A_root_on_a_full_disk_is_refused_until_there_is_space()
    {
        using var disk = MountedDisk.Tmpfs("size=1m");
        var root = new RootDirectory(disk.Folder("root"));
        var filler = new BlockFiller(disk, blockLength: 4096);
        filler.Leave(0);

        Assert.That(await AssertRefusedAsync(root), Does.Contain("space").And.Contain(root.Path));

        filler.Free();
        await using var process = await StartOnAsync(root);
    }

    [Test]
    public async Task A_root_on_a_file_system_without_d_type_is_refused()
    {
        using var disk = await MountedDisk.Ext4Async("-O", "^filetype");

        Assert.That(
            await AssertRefusedAsync(new($"{disk.Path}/root")),
            Does.Contain("does not keep the type of a file").And.Contain("d_type").And.Contain("filetype"));
    }

    [TestCase("with,comma")]
    [TestCase("with:colon")]
    [TestCase("with\\backslash")]
    public async Task A_root_that_mount_options_cannot_contain_is_refused(string name)
    {
        var root = new RootDirectory(FileOf(name));

        Assert.That(await AssertRefusedAsync(root), Does.Contain($"cannot use the root directory \"{root.Path}\""));
    }

    [Test]
    public async Task A_root_that_another_process_uses_is_refused()
    {
        await using var process = await StartAsync();
        process.Calls.Layer("base");

        Assert.That(await AssertRefusedAsync(Root), Does.Contain("another server that is running uses the root directory").And.Contain(Root.Path));
        Assert.That(() => process.Calls.Prepare("key", "base"), Throws.Nothing);
    }

    [Test]
    public async Task A_disk_that_fails_in_use_fails_changes_and_not_lists()
    {
        using var disk = await MountedDisk.Ext4Async();
        var root = new RootDirectory(disk.Folder("root"));
        await using (var process = await StartOnAsync(root))
        {
            process.Calls.Layer("base");
            process.Calls.Prepare("active", "base");
            (await Command.RunAsync(["mount", "--no-mtab", "-o", "remount,abort", disk.Path])).AssertSucceeded();

            Rpc.Fails(StatusCode.Unavailable, () => process.Calls.Remove("active"), "store", "kernel's log");
            Rpc.Fails(StatusCode.Unavailable, () => process.Calls.Commit("layer", "active"), "store", "kernel's log");
            Assert.That(() => process.Calls.Prepare("key", "base"), Throws.InstanceOf<RpcException>());
            Assert.That((await process.Calls.ListAsync()).Select(info => info.Name), Is.EqualTo(new[] { "active", "base" }));
        }
    }
}
