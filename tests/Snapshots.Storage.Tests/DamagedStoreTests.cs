using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A store that cannot be opened says why, and does not change its file.</summary>
internal sealed class DamagedStoreTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void NewFolder() => _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("no database")]
    [TestCase("")]
    public void A_file_that_is_no_database_is_left_alone(string content)
    {
        File.WriteAllText(_folder.File, content);

        var exception = _folder.AssertRefused(SnapshotterError.DataLoss);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain(_folder.File).And.Contain("backup"));
            Assert.That(File.ReadAllText(_folder.File), Is.EqualTo(content));
        });
    }

    [Test]
    public void Another_programs_database_is_left_alone()
    {
        Execute("CREATE TABLE theirs (x)");
        var before = File.ReadAllBytes(_folder.File);

        var exception = _folder.AssertRefused(SnapshotterError.FailedPrecondition);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain("another program"));
            Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
        });
    }

    [Test]
    public void A_newer_store_is_left_alone()
    {
        _folder.Open().Dispose();
        Execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
        var before = File.ReadAllBytes(_folder.File);

        var exception = _folder.AssertRefused(SnapshotterError.FailedPrecondition);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain("version 99").And.Contain($"version {Schema.Current.Version}"));
            Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task A_damaged_page_is_found_at_the_start()
    {
        using (var store = _folder.Open())
        {
            for (var i = 0; i < 200; i++)
                await store.PrepareAsync($"key {i}");
        }

        using (var file = new FileStream(_folder.File, FileMode.Open))
        {
            Assert.That(file.Length, Is.GreaterThan(6 * 4096));
            file.Position = 4096;
            file.Write(new byte[(int)file.Length - 4096]);
        }

        var before = File.ReadAllBytes(_folder.File);

        var exception = _folder.AssertRefused(SnapshotterError.DataLoss);

        Assert.Multiple(() =>
        {
            Assert.That(exception.Message, Does.Contain("is damaged"));
            Assert.That(File.ReadAllBytes(_folder.File), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task A_damaged_store_keeps_its_log()
    {
        using var crashed = await CrashedAsync();
        using (var file = new FileStream(crashed.File, FileMode.Open))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
        }

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.DataLoss, "is damaged");
    }

    [Test]
    public async Task A_backup_beside_the_log_of_another_one_is_refused()
    {
        using var crashed = await CrashedAsync();
        File.Delete(crashed.File);
        using (var store = _folder.Open())
            await store.BackupAsync(crashed.File);

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.FailedPrecondition, "a backup", $"{crashed.File}-wal");

        File.Delete($"{crashed.File}-wal");
        File.Delete($"{crashed.File}-shm");
        using var restored = crashed.Open();
        Assert.That(restored.Stat("key 7"), Is.Not.Null);
    }

    [Test]
    public async Task A_log_without_its_store_is_refused()
    {
        using var crashed = await CrashedAsync();
        File.Delete(crashed.File);

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.FailedPrecondition, "is missing", $"{crashed.File}-wal");
    }

    [Test]
    public async Task A_newer_version_that_is_only_in_the_log_is_seen()
    {
        using var store = _folder.Open();
        Execute("PRAGMA user_version = 99");
        using var crashed = _folder.Crashed();

        await AssertLeftAsItIsAsync(crashed, SnapshotterError.FailedPrecondition, "version 99");
    }

    // A crashed store with snapshots in the file and one in the log.
    private async Task<StoreFolder> CrashedAsync()
    {
        using (var store = _folder.Open())
        {
            for (var i = 0; i < 200; i++)
                await store.PrepareAsync($"key {i}");
        }

        using var again = _folder.Open();
        await again.PrepareAsync("key in the log");
        return _folder.Crashed();
    }

    private static async Task AssertLeftAsItIsAsync(StoreFolder folder, SnapshotterError error, params IReadOnlyList<string> words)
    {
        var before = await ContentAsync();

        var exception = Assert.Throws<SnapshotterException>(() => folder.Open().Dispose())!;

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(exception.Error, Is.EqualTo(error), exception.Message);
            foreach (var word in words)
                Assert.That(exception.Message, Does.Contain(word));

            Assert.That(await ContentAsync(), Is.EqualTo(before));
        });

        // The files that the next start needs; it makes -shm again.
        async Task<Dictionary<string, byte[]>> ContentAsync()
        {
            var files = new Dictionary<string, byte[]>();
            foreach (var file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
                files[file] = await File.ReadAllBytesAsync(file);

            return files;
        }
    }

    private void Execute(string text)
    {
        using var connection = _folder.Connect();
        connection.Execute(text);
    }
}
