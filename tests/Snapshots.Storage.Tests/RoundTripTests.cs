using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Storage.Fixtures;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>The store returns the values that it stored.</summary>
internal sealed class RoundTripTests : StoreTest
{
    [Test]
    public async Task A_new_snapshot_is_found()
    {
        var labels = new Dictionary<string, string> { ["a \"quoted\" key"] = "värde ✓", ["empty"] = "" };

        var created = await Store.PrepareAsync("key with space", labels: labels);

        Assert.Multiple(() =>
        {
            Assert.That(created.Info.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a \"quoted\" key"] = "värde ✓" }));
            Assert.That(Store.Stat("key with space"), Is.EqualTo(created.Info));
            Assert.That(Store.Find("key with space")!.Number, Is.EqualTo(created.Number));
        });
    }

    [Test]
    public async Task A_committed_snapshot_keeps_its_number()
    {
        var active = await Store.PrepareAsync("key");

        var committed = await Store.CommitAsync("name", "key");

        Assert.Multiple(() =>
        {
            Assert.That(committed.Number, Is.EqualTo(active.Number));
            Assert.That(committed.Info.Kind, Is.EqualTo(SnapshotKind.Committed));
            Assert.That(Store.Stat("key"), Is.Null);
            Assert.That(Store.Find("name")!.Usage, Is.EqualTo(new SnapshotUsage(4096, 1)));
        });
    }

    [Test]
    public async Task Parents_are_listed_nearest_first()
    {
        var first = await Store.LayerAsync("first");
        var second = await Store.LayerAsync("second", "first");
        var third = await Store.LayerAsync("third", "second");

        var active = await Store.PrepareAsync("key", "third");

        Assert.Multiple(() =>
        {
            Assert.That(active.Parents, Is.EqualTo(new[] { third.Number, second.Number, first.Number }));
            Assert.That(Store.Find("key")!.Parents, Is.EqualTo(active.Parents));
        });
    }

    [TestCase("zero \0 in it")]
    [TestCase("of 700 letters: ", 700)]
    public async Task A_text_is_stored_as_it_is(string text, int more = 0)
    {
        var name = text + "key" + new string('é', more);

        await Store.PrepareAsync(name);

        Assert.Multiple(() =>
        {
            Assert.That(Store.Stat(name)?.Name, Is.EqualTo(name));
            Assert.That(Store.Stat(text), Is.Null);
        });
    }

    [Test]
    public void An_empty_text_is_no_null()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var statement = new Statement(connection, "SELECT typeof(?1), typeof(?2)");

        var types = statement.First(row => (row.Text(0), row.Text(1)), "", null);

        Assert.That(types, Is.EqualTo(("text", "null")));
    }

    [Test]
    public async Task Everything_survives_a_crash()
    {
        await Store.LayerAsync("layer");
        var active = await Store.PrepareAsync("key", "layer");

        using var crashed = Folder.Crashed();
        using var again = crashed.Open();

        Assert.Multiple(() =>
        {
            Assert.That(again.Walk(SnapshotFilter.All), Is.EqualTo(Store.Walk(SnapshotFilter.All)));
            Assert.That(again.Find("key")!.Number, Is.EqualTo(active.Number));
        });
    }
}
