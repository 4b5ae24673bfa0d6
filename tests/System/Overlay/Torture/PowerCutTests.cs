using System.ComponentModel;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>
/// The file system is cut off from its disk and mounted again: unsynced data is lost. With synced layers their files
/// must survive, too.
/// </summary>
[TestFixture(SqliteIn.Library)]
[TestFixture(SqliteIn.Binary)]
internal sealed class PowerCutTests(SqliteIn sqlite) : CrashTest(sqlite == SqliteIn.Binary ? PublishedSample.OverlayInOneFile : PublishedSample.Overlay)
{
    private MountedDisk _disk = null!;

    [TestCase("ext4")]
    [TestCase("ext4", "--sync-layers")]
    [TestCase("xfs")]
    [TestCase("xfs", "--sync-layers")]
    [TestCase("btrfs")]
    [TestCase("btrfs", "--sync-layers")]
    public async Task A_power_cut_at_any_moment_loses_nothing_that_was_answered(string type, params string[] options)
    {
        _disk = await MountedDisk.WithPowerSwitchAsync(type);
        LosesFiles = options is [];

        await CrashAgainAndAgainAsync(new($"{_disk.Path}/root"), options);
    }

    protected override bool RemovalsMayReturn => true;

    [TearDown]
    public void Unmount() => _disk?.Dispose();

    protected override bool KeepsFiles => false;

    protected override async Task CrashAsync(NativeProcess process)
    {
        _disk.CutPower();
        await process.KillAsync(); // The kernel may have ended it: memory that is mapped from a lost file cannot be read.
    }

    // Only now: while nothing is mounted, a client could write to the directory below the disk.
    protected override Task RecoverAsync() => _disk.RestorePowerAsync();

    // Unlike after a real power cut, the snapshotter still reports the failing disk, and clients fail to write files.
    protected override bool IsNoAnswer(Exception exception) => exception is RpcException or IOException or Win32Exception;
}
