using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A full file system that copies on write can be freed.</summary>
internal sealed class BtrfsTests
{
    private const int Snapshots = 50;

    private MountedDisk _disk = null!;

    private string File => Path.Combine(_disk.Path, "store", "metadata.db");

    [SetUp]
    public async Task Mount() => _disk = await MountedDisk.BtrfsAsync("256M");

    [TearDown]
    public void Unmount() => _disk.Dispose();

    [TestCase("running")]
    [TestCase("stopped")]
    public async Task Snapshots_can_be_removed_on_a_full_disk(string before)
    {
        var store = SnapshotStore.Open(File);
        try
        {
            for (var i = 0; i < Snapshots; i++)
                await store.PrepareAsync($"key {i}");

            if (before == "stopped")
                store.Dispose();

            Fill();
            if (before != "running")
            {
                store.Dispose();
                store = SnapshotStore.Open(File, new() { LastNumber = Snapshots });
            }

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
    public async Task The_index_of_the_log_is_not_on_the_disk()
    {
        using var store = SnapshotStore.Open(File);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            await store.PrepareAsync($"key {i}");
            _ = store.Stat($"key {i}");
        })));

        Assert.Multiple(() =>
        {
            Assert.That(System.IO.File.Exists($"{File}-shm"), Is.False);
            Assert.That(store.Walk(SnapshotFilter.All).Count(), Is.EqualTo(20));
        });
    }

    // Writes until nothing fits, in ever smaller pieces.
    private void Fill()
    {
        using var file = System.IO.File.OpenHandle(Path.Combine(_disk.Path, "filler"), FileMode.CreateNew, FileAccess.Write);
        var end = 0L;
        for (var length = 1 << 20; length >= 4096;)
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
