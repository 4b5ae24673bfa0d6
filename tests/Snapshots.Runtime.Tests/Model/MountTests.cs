namespace Containerd.Snapshots.Tests.Model;

internal sealed class MountTests
{
    [Test]
    public void A_bind_mount_has_the_options_that_containerd_expects() => Assert.Multiple(() =>
    {
        Assert.That(Mount.Bind("/s/1/fs"), Is.EqualTo(new Mount { Type = "bind", Source = "/s/1/fs", Options = ["rw", "rbind"] }));
        Assert.That(Mount.ReadOnlyBind("/s/1/fs"), Is.EqualTo(new Mount { Type = "bind", Source = "/s/1/fs", Options = ["ro", "rbind"] }));
    });

    [Test]
    public void An_active_snapshot_is_mounted_writable_and_a_view_read_only() => Assert.Multiple(() =>
    {
        Assert.That(Mount.Bind(SnapshotKind.Active, "/s"), Is.EqualTo(Mount.Bind("/s")));
        Assert.That(Mount.Bind(SnapshotKind.View, "/s"), Is.EqualTo(Mount.ReadOnlyBind("/s")));
        Assert.That(Mount.Loop(SnapshotKind.Active, "/s", "ext4"), Is.EqualTo(new Mount { Type = "ext4", Source = "/s", Options = ["rw", "loop"] }));
        Assert.That(Mount.Loop(SnapshotKind.View, "/s", "xfs", "nouuid"), Is.EqualTo(new Mount { Type = "xfs", Source = "/s", Options = ["ro", "loop", "nouuid"] }));
    });

    [Test]
    public void A_committed_snapshot_has_no_mount() => Assert.Multiple(() =>
    {
        Assert.That(() => Mount.Bind(SnapshotKind.Committed, "/s"), Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.FailedPrecondition));
        Assert.That(() => Mount.Loop(SnapshotKind.Committed, "/s", "ext4"), Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.FailedPrecondition));
    });

    [Test]
    public void A_relative_path_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Mount.Bind(SnapshotKind.View, "s"), Throws.ArgumentException.With.Message.Contains("not absolute"));
        Assert.That(() => Mount.Loop(SnapshotKind.View, "s", "ext4"), Throws.ArgumentException.With.Message.Contains("not absolute"));
    });

    [Test]
    public void An_overlay_mount_names_the_nearest_parent_first() => Assert.That(
        Mount.Overlay("/s/3/fs", "/s/3/work", ["/s/2/fs", "/s/1/fs"], "index=off"),
        Is.EqualTo(new Mount
        {
            Type = "overlay",
            Source = "overlay",
            Options = ["index=off", "workdir=/s/3/work", "upperdir=/s/3/fs", "lowerdir=/s/2/fs:/s/1/fs"],
        }));

    [Test]
    public void A_read_only_overlay_mount_has_no_upper_directory() => Assert.That(
        Mount.ReadOnlyOverlay(["/s/2/fs", "/s/1/fs"]).Options, Is.EqualTo(new[] { "lowerdir=/s/2/fs:/s/1/fs" }));

    [TestCase("relative/path", "is not absolute")]
    [TestCase("/with,comma", "comma")]
    [TestCase("/with:colon", "colon")]
    public void A_lower_directory_that_the_kernel_would_misread_is_refused(string path, string reason) => Assert.That(
        () => Mount.Overlay("/u", "/w", [path]), Throws.ArgumentException.With.Message.Contains(reason).And.Message.Contains(path));

    [Test]
    public void An_overlay_mount_without_lower_directories_is_refused() =>
        Assert.That(() => Mount.Overlay("/u", "/w", []), Throws.ArgumentException);

    [Test]
    public void A_read_only_overlay_mount_of_one_directory_is_refused() => Assert.That(
        () => Mount.ReadOnlyOverlay(["/l"]), Throws.ArgumentException.With.Message.Contains(nameof(Mount.ReadOnlyBind)));

    [Test]
    public void Mounts_are_equal_by_value()
    {
        var mount = Mount.Overlay("/u", "/w", ["/l"]);
        var same = Mount.Overlay("/u", "/w", ["/l"]);

        Assert.Multiple(() =>
        {
            Assert.That(mount, Is.EqualTo(same));
            Assert.That(mount.GetHashCode(), Is.EqualTo(same.GetHashCode()));
            Assert.That(mount, Is.Not.EqualTo(same with { Options = ["lowerdir=/l"] }));
        });
    }

    [Test]
    public void Options_are_copied()
    {
        var options = new List<string> { "ro" };
        var mount = new Mount { Type = "bind", Options = options };
        options.Add("noexec");

        Assert.That(mount.Options, Is.EqualTo(new[] { "ro" }));
    }

    [Test]
    public void No_part_of_a_mount_can_be_null() => Assert.Multiple(() =>
    {
        Assert.That(() => new Mount { Type = null! }, Throws.ArgumentNullException);
        Assert.That(() => new Mount { Type = "bind", Source = null! }, Throws.ArgumentNullException);
        Assert.That(() => new Mount { Type = "bind", Options = null! }, Throws.ArgumentNullException);
        Assert.That(() => new Mount { Type = "bind", Options = [null!] }, Throws.ArgumentException);
    });
}
