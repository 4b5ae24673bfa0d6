using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A full disk can be freed, also by a program that is started on it.</summary>
[Category("Root")]
internal sealed class FullDiskTests
{
    // More than the log has space for: some are copied to the database while the disk is full.
    private const int Snapshots = 1500;

    private MountedDisk _disk = null!;

    private string Database => Path.Combine(_disk.Path, "store", "metadata.db");

    [TearDown]
    public void Unmount() => _disk.Dispose();

    [TestCase("btrfs", false)]
    [TestCase("btrfs", true)]
    [TestCase("ext4", false)]
    [TestCase("ext4", true)]
    public async Task Snapshots_can_be_removed(string fileSystem, bool afterStart)
    {
        await MountAsync(fileSystem);
        var store = SnapshotStore.Open(Database);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Snapshots).Select(i => Task.Run(() => store.PrepareAsync($"key {i}"))));
            if (afterStart)
                store.Dispose();

            Fill();
            if (afterStart)
                store = SnapshotStore.Open(Database, new() { LastNumber = Snapshots });

            for (var i = 0; i < Snapshots; i++)
                await store.RemoveAsync($"key {i}");

            await store.SyncAsync();
            Assert.That(store.NumbersInUse(), Is.Empty);
        }
        finally
        {
            store.Dispose();
        }
    }

    [Test]
    public async Task On_a_full_disk_the_index_of_the_log_is_in_memory()
    {
        await MountAsync("ext4");
        using (var first = SnapshotStore.Open(Database))
            await first.PrepareAsync("key");

        Fill();
        using var store = SnapshotStore.Open(Database, new() { LastNumber = 1 });
        await store.RemoveAsync("key");

        AssertIndexIsInMemory();
    }

    [Test]
    public async Task With_small_blocks_the_index_of_the_log_is_in_memory()
    {
        _disk = await MountedDisk.Ext4Async("-b", "1024");
        using var store = SnapshotStore.Open(Database);
        await store.PrepareAsync("key");

        AssertIndexIsInMemory();
    }

    [Test]
    public async Task On_btrfs_the_index_of_the_log_is_in_memory()
    {
        await MountAsync("btrfs");
        using var store = SnapshotStore.Open(Database);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            await store.PrepareAsync($"key {i}");
            _ = store.Stat($"key {i}");
        })));

        Assert.Multiple(() =>
        {
            Assert.That(File.Exists($"{Database}-shm"), Is.False);
            Assert.That(store.Walk(SnapshotFilter.All).Count(), Is.EqualTo(20));
        });
    }

    // Its file may still be there.
    private void AssertIndexIsInMemory() => Assert.That(File.ReadLines("/proc/self/maps"), Has.None.Contain($"{Database}-shm"));

    private async Task MountAsync(string fileSystem) => _disk = await (fileSystem switch
    {
        "btrfs" => MountedDisk.BtrfsAsync(),
        _ => MountedDisk.Ext4Async(),
    });

    // Writes until nothing fits, in ever smaller pieces.
    private void Fill()
    {
        using var file = File.OpenHandle(Path.Combine(_disk.Path, "filler"), FileMode.CreateNew, FileAccess.Write);
        var end = 0L;
        for (var length = 1 << 20; length >= 1024;)
        {
            try
            {
                RandomAccess.Write(file, new byte[length], end);
                RandomAccess.FlushToDisk(file);
                end += length;
            }
            catch (IOException)
            {
                length /= 2;
            }
        }
    }
}
