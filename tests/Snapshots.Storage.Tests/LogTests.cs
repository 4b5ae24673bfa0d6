using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Storage.Fixtures;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>The size of the write-ahead log beside the database file.</summary>
internal sealed class LogTests
{
    private const long Written = 5 << 20, Reserved = 8 << 20, Bound = 16 << 20;

    // In memory: the test writes much.
    private readonly StoreFolder _folder = StoreFolder.InMemory();

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task The_log_keeps_its_reserved_space_and_returns_what_a_long_reader_cost()
    {
        using var store = _folder.Open();
        var before = Length;
        await store.PrepareAsync("key");

        // SQLite cannot restart the log while a reader uses an old state.
        using (var reader = Reader())
        {
            while (Length < Bound)
                await UpdateAsync(store);
        }

        await UpdateAsync(store);

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo(Reserved));
            Assert.That(Length, Is.EqualTo(Reserved));
        });
    }

    [Test]
    public void The_usual_part_of_the_reserved_space_is_written()
    {
        using var folder = new StoreFolder();
        using var store = folder.Open();

        Assert.That(Kernel.FirstHole($"{folder.File}-wal"), Is.EqualTo(Written));
    }

    [Test]
    public async Task A_start_after_a_stop_uses_the_space_that_is_there()
    {
        using var folder = new StoreFolder();
        folder.Open().Dispose();
        await using var log = new FileStream($"{folder.File}-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        using var store = folder.Open();
        await store.PrepareAsync("key");

        Assert.That(log.ReadByte(), Is.EqualTo(0x37), "The change is in the same file.");
    }

    private long Length => new FileInfo($"{_folder.File}-wal").Length;

    private static Task UpdateAsync(Snapshots.Storage.SnapshotStore store) =>
        store.UpdateAsync(new() { Name = "key", Kind = SnapshotKind.Unknown, Labels = new Dictionary<string, string> { ["a"] = new('x', 4000) } }, []);

    private SqliteConnection Reader()
    {
        var connection = new SqliteConnection($"Data Source={_folder.File};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; SELECT count(*) FROM snapshots";
        command.ExecuteScalar();
        return connection;
    }
}
