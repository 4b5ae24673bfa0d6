using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Content;

/// <summary>What a power cut leaves after a call has returned.</summary>
[Category("Root")]
internal sealed class PowerCutTests
{
    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_directory_that_was_made_is_there_after_a_power_cut(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        await disk.Directories.MakeAsync(1, [], Labels.Mapping("0:1000:1", "0:2000:1"));

        using var after = await disk.Disk.AfterPowerCutAsync();

        Assert.That(await Facts.OwnerAndModeAsync($"{after.Path}/snapshots/1/fs"), Is.EqualTo("1000:2000 755"));
        Assert.That(await Facts.OwnerAndModeAsync($"{after.Path}/snapshots/1/work"), Is.EqualTo("0:0 711"));
    }

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_directory_made_ahead_is_there_after_a_power_cut(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        await disk.Directories.MakeAheadAsync([1, 2, 3]);

        using var after = await disk.Disk.AfterPowerCutAsync();

        foreach (var number in new[] { 1, 2, 3 })
            Assert.That(await Facts.OwnerAndModeAsync($"{after.Path}/snapshots/{number}/work"), Is.EqualTo("0:0 711"));
    }

    [TestCaseSource(typeof(MountedDisk), nameof(MountedDisk.FileSystems))]
    public async Task A_layer_that_was_synced_has_its_content_after_a_power_cut(string fileSystem)
    {
        using var disk = await SnapshotDisk.OfTypeAsync(fileSystem);
        var content = new string('x', 1_000_000);
        await File.WriteAllTextAsync($"{await disk.MakeAsync(1)}/file", content);

        await disk.Directories.SyncLayersAsync(CancellationToken.None);

        using var after = await disk.Disk.AfterPowerCutAsync();
        Assert.That(await File.ReadAllTextAsync($"{after.Path}/snapshots/1/fs/file"), Is.EqualTo(content));
    }
}
