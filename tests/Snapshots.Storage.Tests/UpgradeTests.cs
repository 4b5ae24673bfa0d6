using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A store of an older version is brought up to date.</summary>
internal sealed class UpgradeTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void NewFolder() => _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task An_older_store_is_brought_up_to_date_and_a_copy_is_kept()
    {
        using (var old = _folder.Open())
            await old.PrepareAsync("key");

        using (var store = SnapshotStore.Open(_folder.File, new(), NextVersion()))
            Assert.That(store.Stat("key"), Is.Not.Null);

        Assert.Multiple(() =>
        {
            _folder.AssertRefused(SnapshotterError.FailedPrecondition);
            using var copy = SnapshotStore.Open($"{_folder.File}.v{Schema.Current.Version}");
            Assert.That(copy.Stat("key"), Is.Not.Null);
        });
    }

    [Test]
    public void A_store_of_version_1_gets_the_index_of_its_labels()
    {
        using (var old = _folder.Connect())
        {
            old.Execute("PRAGMA journal_mode = WAL");
            new Schema(Schema.Current.Steps[0]).Upgrade(old, from: 0);
            old.Execute($$"""
                INSERT INTO snapshots (number, name, kind, created_at, updated_at, labels) VALUES
                    (1, 'key', 2, 0, 0, '{"{{SnapshotLabels.SnapshotRef}}":"target"}'),
                    (2, 'damaged', 2, 0, 0, '{"{{SnapshotLabels.SnapshotRef}}"'),
                    (3, 'other', 2, 0, 0, NULL)
                """);
        }

        using var store = _folder.Open();

        Assert.Multiple(() =>
        {
            Assert.That(store.Walk(SnapshotFilter.Parse($"labels.\"{SnapshotLabels.SnapshotRef}\"==target")).Select(info => info.Name), Is.EqualTo(new[] { "key" }));
            Assert.That(File.Exists($"{_folder.File}.v1"), Is.True);
        });
    }

    [Test]
    public void An_upgrade_that_fails_leaves_the_older_store()
    {
        _folder.Open().Dispose();
        var broken = new Schema([.. Schema.Current.Steps, "CREATE TABLE added (x); CREATE TABLE added (x)"]);

        Assert.Throws<SnapshotterException>(() => SnapshotStore.Open(_folder.File, new(), broken));

        Assert.That(() => _folder.Open().Dispose(), Throws.Nothing);
    }

    private static Schema NextVersion() => new([.. Schema.Current.Steps, "ALTER TABLE snapshots ADD COLUMN added INTEGER"]);
}
