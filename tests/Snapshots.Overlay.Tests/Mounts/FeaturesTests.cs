using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Mounts;

internal sealed class FeaturesTests
{
    [TestCase("         0          0 4294967295\n", false)]
    [TestCase("         0       1000          1\n", true)]
    [TestCase("         0          0      65536\n", true)]
    [TestCase("         0       1000          1\n         1     100000      65536\n", true)]
    [TestCase("", true)] // A namespace without a mapping yet.
    public void A_user_namespace_is_recognized_by_its_mapping(string mapping, bool expected) =>
        Assert.That(OverlayFeatures.IsUserNamespace(mapping), Is.EqualTo(expected));

    [Test]
    public void Features_are_those_of_this_kernel()
    {
        var features = OverlayFeatures.Detect("/");

        Assert.Multiple(() =>
        {
            Assert.That(features.UserXattr, Is.False, "Tests run outside of user namespaces.");
            Assert.That(features.IdMappedMounts, Is.EqualTo(Environment.OSVersion.Version >= new Version(5, 19)));
        });
    }

    // The kernel refuses options that it does not know.
    [Test]
    [Category("Root")]
    public async Task A_detected_option_can_be_mounted()
    {
        using var disk = MountedDisk.Tmpfs();
        using var directories = SnapshotDirectories.Open(disk.Path, new() { HasWork = true });
        await directories.MakeAsync(1);
        await directories.MakeAsync(2, [1]);
        Tools.Require();

        var mounts = new OverlayMounts(directories, OverlayFeatures.Detect(disk.Path), new()).Of(SnapshotKind.Active, 2, [1], Labels.None);

        Assert.That(mounts[0].Options, Has.Some.EqualTo("index=off"));
        Assert.That(() => disk.MountSnapshot(mounts), Throws.Nothing);
    }
}
