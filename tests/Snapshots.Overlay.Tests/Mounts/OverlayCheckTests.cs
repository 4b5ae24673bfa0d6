using Containerd.Snapshots.Overlay;

namespace Containerd.Snapshots.Tests.Mounts;

/// <summary>The check of a machine for overlay mounts.</summary>
internal sealed class OverlayCheckTests
{
    [Test]
    [Category("Root")]
    public void A_fit_root_is_fine_and_nothing_is_created_there()
    {
        using var disk = MountedDisk.Tmpfs();

        var results = OverlayCheck.Run($"{disk.Path}/not/yet/", new()).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(results.Select(result => result.Level), Has.None.EqualTo(SnapshotterCheckLevel.Wrong));
            Assert.That(Texts(results), Has.Member($"the file system of \"{disk.Path}\" keeps the types of files (d_type)"));
            Assert.That(Directory.GetFileSystemEntries(disk.Path), Is.Empty);
        });
    }

    [Test]
    [Category("Root")]
    public async Task A_file_system_without_d_type_is_wrong()
    {
        using var disk = await MountedDisk.Ext4Async("-O", "^filetype");

        AssertWrong(OverlayCheck.Run(disk.Path, new()), $"the file system of \"{disk.Path}\" does not keep the types of files (d_type): format xfs with ftype=1, or ext4 with the feature filetype");
    }

    [Test]
    [Category("Root")]
    public void A_root_on_an_overlay_is_wrong()
    {
        using var disk = MountedDisk.Tmpfs();
        var target = disk.MountPoint();
        Kernel.Mount(null, "overlay", target, "overlay", 0, $"lowerdir={disk.Folder("lower")},upperdir={disk.Folder("upper")},workdir={disk.Folder("work")}");

        AssertWrong(OverlayCheck.Run(target, new()), $"\"{target}\" is itself on an overlay, as in a container, and overlay mounts there fail: choose a directory on ext4, xfs or btrfs");
    }

    [Test]
    public void A_path_that_mount_options_cannot_contain_is_wrong() =>
        AssertWrong(OverlayCheck.Run("/with,comma", new()), "cannot use the root directory \"/with,comma\": The path \"/with,comma\" has a comma or a backslash, which mount options cannot carry: choose another path");

    [Test]
    public void A_mount_option_that_would_make_another_mount_is_wrong() => AssertWrong(
        OverlayCheck.Run(null, new() { Extra = ["volatile", "ro"] }),
        "the overlay mount option \"ro\" cannot be used: the snapshotter and containerd set it: leave it out");

    [Test]
    public void The_kernel_s_features_are_listed() =>
        Assert.That(Texts(OverlayCheck.Run(null, new())), Has.Some.Match("^the kernel (supports|does not support) index, (needs|does not need) userxattr and (can|cannot) map ids$"));

    private static void AssertWrong(IEnumerable<SnapshotterCheckResult> results, string text) =>
        Assert.That(Texts(results.Where(result => result.Level == SnapshotterCheckLevel.Wrong)), Has.One.StartsWith(text));

    private static IEnumerable<string> Texts(IEnumerable<SnapshotterCheckResult> results) => results.Select(result => result.ToString());
}
