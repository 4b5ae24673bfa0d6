using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Backups and the integrity check.</summary>
internal sealed class UpkeepTests : StoreTest
{
    // A directory has one open store.
    private StoreFolder _elsewhere = null!;

    private string Backup => Path.Combine(_elsewhere.Path, "backup's copy.db");

    [SetUp]
    public void MakeFolder() => _elsewhere = new();

    [TearDown]
    public void DeleteFolder() => _elsewhere.Dispose();

    [Test]
    public async Task A_backup_has_everything_that_was_there()
    {
        await Store.LayerAsync("layer");
        var before = Store.Walk(SnapshotFilter.All).ToList();

        await Store.BackupAsync(Backup);
        await Store.PrepareAsync("later");

        using var restored = SnapshotStore.Open(Backup);
        Assert.Multiple(() =>
        {
            Assert.That(restored.Walk(SnapshotFilter.All), Is.EqualTo(before));
            Assert.That(File.GetUnixFileMode(Backup), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
    }

    [Test]
    public async Task A_backup_replaces_nothing()
    {
        await File.WriteAllTextAsync(Backup, "older");

        var error = await ErrorOf(() => Store.BackupAsync(Backup));

        Assert.Multiple(() =>
        {
            Assert.That(error, Is.EqualTo(SnapshotterError.AlreadyExists));
            Assert.That(File.ReadAllText(Backup), Is.EqualTo("older"));
            Assert.That(File.Exists($"{Backup}.unfinished"), Is.False);
        });
    }

    [Test]
    public async Task Of_many_backups_to_one_file_one_is_made_and_the_others_are_refused()
    {
        await Store.PrepareAsync("key");

        var backups = Enumerable.Range(0, 8).Select(_ => Store.BackupAsync(Backup)).ToList();
        await Task.WhenAll(backups).ContinueWith(static _ => { }, TaskScheduler.Default);

        using var restored = SnapshotStore.Open(Backup);
        Assert.Multiple(() =>
        {
            Assert.That(backups.Count(backup => backup.IsCompletedSuccessfully), Is.EqualTo(1));
            Assert.That(
                backups.Select(backup => backup.Exception?.InnerException).OfType<SnapshotterException>().Select(refusal => refusal.Error),
                Has.Exactly(backups.Count - 1).EqualTo(SnapshotterError.AlreadyExists));
            Assert.That(restored.Stat("key"), Is.Not.Null);
        });
    }

    [Test]
    public async Task A_store_that_is_closed_makes_no_backup()
    {
        Store.Dispose();

        await Assert.ThatAsync(() => Store.BackupAsync(Backup), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_backup_to_where_nothing_can_be_written_says_so() =>
        Assert.That(await ErrorOf(() => Store.BackupAsync(Path.Combine(Folder.Path, "missing", "copy.db"))), Is.EqualTo(SnapshotterError.Unavailable));

    [Test]
    public async Task A_sound_store_has_no_damage()
    {
        await Store.PrepareAsync("key", (await Store.LayerAsync("layer")).Info.Name);

        Assert.That(await Store.CheckIntegrityAsync(), Is.Empty);
    }

    [TestCase("UPDATE snapshots SET parent = 77 WHERE name = 'key'", "a parent that does not exist")]
    [TestCase("UPDATE snapshots SET kind = 2 WHERE name = 'layer'", "a parent that is not committed")]
    [TestCase("UPDATE numbers SET last = 1", "a number that is not reserved")]
    [TestCase("UPDATE snapshots SET all_parents = '7,8' WHERE name = 'key'", "has other parents than its parent")]
    [TestCase("UPDATE snapshots SET all_parents = NULL WHERE name = 'key'", "has other parents than its parent")]
    [TestCase("UPDATE snapshots SET labels = '{' WHERE name = 'key'", "labels that cannot be read")]
    public async Task Damage_is_reported(string damage, string problem)
    {
        await Store.PrepareAsync("key", (await Store.LayerAsync("layer")).Info.Name);
        using (var other = Folder.Connect())
            other.Execute($"PRAGMA foreign_keys = OFF; {damage}");

        Assert.That(await Store.CheckIntegrityAsync(), Has.Exactly(1).Contains(problem));
    }

    [TestCase("labels = '{'", "labels")]
    [TestCase("all_parents = '1,x'", "parents")]
    public async Task Unreadable_data_is_reported_with_its_snapshot(string damage, string what)
    {
        await Store.PrepareAsync("key");
        await Store.PrepareAsync("other");
        using (var other = Folder.Connect())
            other.Execute($"UPDATE snapshots SET {damage} WHERE name = 'key'");

        var exception = Assert.Throws<SnapshotterException>(() => Store.Stat("key"));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.Error, Is.EqualTo(SnapshotterError.DataLoss));
            Assert.That(exception.Message, Does.Contain($"the {what} of the snapshot \"key\"").And.Contain("backup"));
            Assert.That(Store.Stat("other"), Is.Not.Null);
        });
    }

    [Test]
    public async Task A_change_waits_for_another_program_s_transaction()
    {
        await Store.PrepareAsync("before");
        using var other = Folder.Connect();
        other.Execute("BEGIN IMMEDIATE");

        var preparing = Task.Run(() => Store.PrepareAsync("key"));
        await Eventually.TrueAsync(() => Store.NumbersInUse().Count > 1, "the change has begun");
        other.Execute("COMMIT");

        await Assert.ThatAsync(() => preparing, Throws.Nothing);
    }
}
