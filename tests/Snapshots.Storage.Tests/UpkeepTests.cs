using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Backups and the search for damage.</summary>
internal sealed class UpkeepTests : StoreTest
{
    private string Backup => Path.Combine(Folder.Path, "backup's copy.db");

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
    public async Task Damage_is_told(string damage, string problem)
    {
        await Store.PrepareAsync("key", (await Store.LayerAsync("layer")).Info.Name);
        using (var other = Folder.Connect())
            other.Execute($"PRAGMA foreign_keys = OFF; {damage}");

        Assert.That(await Store.CheckIntegrityAsync(), Has.Exactly(1).Contains(problem));
    }

    [Test]
    public async Task Parents_in_a_circle_are_each_told_once()
    {
        var layer = await Store.LayerAsync("layer");
        var key = await Store.PrepareAsync("key", "layer");
        using (var other = Folder.Connect())
            other.Execute("PRAGMA foreign_keys = OFF; UPDATE snapshots SET parent = (SELECT number FROM snapshots WHERE name = 'key') WHERE name = 'layer'");

        Assert.That(Store.Find("key")!.Parents, Is.EqualTo(new[] { layer.Number, key.Number }));
    }

    [Test]
    public async Task A_change_waits_for_an_operators_own()
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
