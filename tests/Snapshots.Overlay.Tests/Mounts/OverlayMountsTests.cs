using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Mounts;

/// <summary>The mounts that containerd gets.</summary>
[Category("Root")]
internal sealed class OverlayMountsTests
{
    private static readonly OverlayFeatures Ordinary = new(Index: true, UserXattr: false, IdMappedMounts: true);
    private static readonly IReadOnlyDictionary<string, string> Mapped = Labels.Mapping("0:1000:1,1:5000:9", "0:2000:10");

    private MountedDisk _disk = null!;
    private SnapshotDirectories _directories = null!;

    [OneTimeSetUp]
    public void Open()
    {
        _disk = MountedDisk.Tmpfs();
        _directories = SnapshotDirectories.Open(_disk.Path);
    }

    [OneTimeTearDown]
    public void Close()
    {
        _directories?.Dispose();
        _disk?.Dispose();
    }

    [Test]
    public void Without_a_parent_the_snapshots_own_directory_is_bound() => Assert.Multiple(() =>
    {
        Assert.That(Of(SnapshotKind.Active, []), Is.EqualTo(Mount.Bind(Content(9))));
        Assert.That(Of(SnapshotKind.View, []), Is.EqualTo(Mount.ReadOnlyBind(Content(9))));
    });

    [Test]
    public void A_view_of_one_parent_is_that_parents_directory() =>
        Assert.That(Of(SnapshotKind.View, [4]), Is.EqualTo(Mount.ReadOnlyBind(Content(4))));

    [Test]
    public void A_view_of_several_parents_is_an_overlay_without_an_upper_directory() =>
        Assert.That(Of(SnapshotKind.View, [4, 2]), Is.EqualTo(Mount.ReadOnlyOverlay([Content(4), Content(2)], "index=off")));

    [Test]
    public void An_active_snapshot_with_parents_is_an_overlay_of_them() => Assert.That(
        Of(SnapshotKind.Active, [4, 2, 3]),
        Is.EqualTo(Mount.Overlay(Content(9), _directories.WorkPath(9), [Content(4), Content(2), Content(3)], "index=off")));

    [Test]
    public void A_committed_snapshot_has_no_mounts() => Assert.That(
        () => Of(SnapshotKind.Committed, [4]),
        Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.FailedPrecondition));

    [Test]
    public void Options_depend_on_the_kernel()
    {
        var mounts = new OverlayMounts(_directories, new(Index: false, UserXattr: true, IdMappedMounts: false), new());

        Assert.That(mounts.Of(SnapshotKind.View, 9, [4, 2], Labels.None)[0].Options[0], Is.EqualTo("userxattr"));
    }

    [Test]
    public void The_operators_options_are_added_only_to_overlays()
    {
        var mounts = new OverlayMounts(_directories, Ordinary, new() { Extra = ["volatile", "metacopy=on"] });

        Assert.Multiple(() =>
        {
            Assert.That(mounts.Of(SnapshotKind.Active, 9, [4], Labels.None)[0].Options.Take(3), Is.EqualTo(new[] { "index=off", "volatile", "metacopy=on" }));
            Assert.That(mounts.Of(SnapshotKind.Active, 9, [], Labels.None)[0].Options, Is.EqualTo(new[] { "rw", "rbind" }));
        });
    }

    [Test]
    public void The_operators_option_replaces_the_default_of_that_name()
    {
        var mounts = new OverlayMounts(_directories, Ordinary with { UserXattr = true }, new() { Extra = ["index=on", "userxattr"] });

        Assert.That(mounts.Of(SnapshotKind.View, 9, [4, 2], Labels.None)[0].Options.SkipLast(1), Is.EqualTo(new[] { "index=on", "userxattr" }));
    }

    [TestCase("")]
    [TestCase("lowerdir=/etc")]
    [TestCase("lowerdir+=/etc")]
    [TestCase("upperdir=/etc")]
    [TestCase("workdir=/etc")]
    [TestCase("volatile,upperdir=/etc")]
    [TestCase("xino=on\n")]
    [TestCase("ro")]
    [TestCase("remount")]
    [TestCase("uidmap=0:0:1")]
    public void An_option_that_would_make_another_mount_is_refused(string option) => Assert.That(
        () => new OverlayMounts(_directories, Ordinary, new() { Extra = ["volatile", option] }),
        Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.InvalidArgument).And.Message.Contains(option));

    [Test]
    public void Ids_are_mapped_only_if_the_operator_asks_for_it()
    {
        var mounts = new OverlayMounts(_directories, Ordinary, new() { RemapIds = true });

        Assert.Multiple(() =>
        {
            Assert.That(
                mounts.Of(SnapshotKind.Active, 9, [4], Mapped)[0].Options.Take(3),
                Is.EqualTo(new[] { "uidmap=0:1000:1,1:5000:9", "gidmap=0:2000:10", "index=off" }));
            Assert.That(
                mounts.Of(SnapshotKind.View, 9, [4], Mapped)[0].Options,
                Is.EqualTo(new[] { "uidmap=0:1000:1,1:5000:9", "gidmap=0:2000:10", "ro", "rbind" }));
            Assert.That(Of(SnapshotKind.Active, [4], Mapped), Is.EqualTo(Of(SnapshotKind.Active, [4])), "Not here.");
        });
    }

    [Test]
    public void Id_mapping_is_refused_if_the_kernel_lacks_it() => Assert.That(
        () => new OverlayMounts(_directories, Ordinary with { IdMappedMounts = false }, new() { RemapIds = true }),
        Throws.TypeOf<SnapshotterException>().With.Property("Error").EqualTo(SnapshotterError.FailedPrecondition).And.Message.Contains("5.19"));

    private string Content(long number) => $"{_disk.Path}/snapshots/{number}/fs";

    private Mount Of(SnapshotKind kind, long[] parents, IReadOnlyDictionary<string, string>? labels = null) =>
        new OverlayMounts(_directories, Ordinary, new()).Of(kind, 9, parents, labels ?? Labels.None).Single();
}
