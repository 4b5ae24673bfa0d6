using System.Globalization;
using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Rows that are kept in memory are never older than the last answered change.</summary>
internal sealed class CacheTests : StoreTest
{
    [Test]
    public async Task A_row_that_was_read_before_is_not_read_again()
    {
        var labels = new Dictionary<string, string> { ["ä"] = "1", ["b"] = "\u4e2d" };
        await Store.CommitAsync("layer", (await Store.PrepareAsync("extract")).Info.Name);
        await Store.PrepareAsync("key", "layer", labels);
        await Store.PrepareAsync("other", "layer", labels);
        await Store.CommitAsync("name", "other");
        var (key, name) = (Store.Find("key"), Store.Find("name"));

        RemoveAllRows();

        Assert.Multiple(() =>
        {
            Assert.That(Store.Find("key"), Is.EqualTo(key));
            Assert.That(Store.Stat("key"), Is.EqualTo(key!.Info));
            Assert.That(Store.Find("name"), Is.EqualTo(name));
            Assert.That(Store.Find("extract"), Is.Null);
        });
    }

    [Test]
    public async Task All_rows_can_be_read_in_advance()
    {
        await Store.CommitAsync("layer", (await Store.PrepareAsync("extract")).Info.Name);
        for (var i = 0; i < 300; i++)
            await Store.PrepareAsync($"key {i}", "layer");
        Reopen();

        var all = Store.ReadAll().ToList();
        RemoveAllRows();

        Assert.That(all, Has.Count.EqualTo(301));
        Assert.That(all.Select(row => Store.Find(row.Info.Name)), Is.EqualTo(all));
    }

    [Test]
    public async Task A_change_shows_at_once()
    {
        await Store.PrepareAsync("key");
        _ = Store.Stat("key");

        var updated = await UpdateAsync(1);
        var afterUpdate = Store.Stat("key");
        var committed = await Store.CommitAsync("name", "key");
        _ = Store.Find("name");
        var afterCommit = (Store.Stat("key"), Store.Find("name"));
        await Store.RemoveAsync("name");

        Assert.Multiple(() =>
        {
            Assert.That(afterUpdate, Is.EqualTo(updated));
            Assert.That(afterCommit, Is.EqualTo(((SnapshotInfo?)null, committed)));
            Assert.That(Store.Find("name"), Is.Null);
        });
    }

    [Test]
    public async Task A_reader_never_sees_less_than_the_last_answer()
    {
        const int Changes = 300;
        await Store.PrepareAsync("key", "", Value(0));
        var answered = 0;

        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var last = 0; last < Changes;)
            {
                var least = Volatile.Read(ref answered);
                var seen = int.Parse(Store.Stat("key")!.Labels["value"], CultureInfo.InvariantCulture);
                if (seen < Math.Max(least, last))
                    throw new AssertionException($"{seen} was read after {last}, when {least} had been answered.");

                last = seen;
            }
        })).ToList();
        for (var value = 1; value <= Changes; value++)
        {
            await UpdateAsync(value);
            Volatile.Write(ref answered, value);
        }

        await Task.WhenAll(readers);
    }

    [Test]
    public void A_slow_reader_keeps_no_old_row()
    {
        var cache = new RowCache();
        var row = Row("key");
        var before = cache.StateOf("key");
        cache.BeginChange(["key", "key"]);
        var during = cache.StateOf("key");

        cache.Keep(row, before);
        cache.Keep(row, during);
        var whileCommitted = cache.Find("key");
        cache.EndChange(["key", "key"]);
        cache.Keep(row, before);
        cache.Keep(row, during);
        var afterwards = cache.Find("key");
        cache.Keep(row, cache.StateOf("key"));

        Assert.That((whileCommitted, afterwards, cache.Find("key")), Is.EqualTo(((StoredSnapshot?)null, (StoredSnapshot?)null, row)));
    }

    [Test]
    public void A_page_with_a_row_that_may_have_changed_is_not_kept()
    {
        var cache = new RowCache();
        List<StoredSnapshot> page = [Row("key"), Row("other")];
        var before = cache.StateOfAll();
        cache.BeginChange(["key"]);
        var during = cache.StateOfAll();

        cache.Keep(page, before);
        cache.Keep(page, during);
        cache.EndChange(["key"]);
        cache.Keep(page, before);
        cache.Keep(page, during);
        var afterwards = (cache.Find("key"), cache.Find("other"));
        cache.Keep(page, cache.StateOfAll());

        Assert.That(afterwards, Is.EqualTo(((StoredSnapshot?)null, (StoredSnapshot?)null)));
        Assert.That((cache.Find("key"), cache.Find("other")), Is.EqualTo((page[0], page[1])));
    }

    [Test]
    public void Nearly_all_rows_of_a_large_node_are_kept()
    {
        var cache = new RowCache();
        var names = Enumerable.Range(0, 100_000).Select(i => $"key {i}").ToList();

        foreach (var name in names)
            cache.Keep(Row(name), cache.StateOf(name));

        Assert.That(names.Count(name => cache.Find(name) is not null), Is.GreaterThan(99_000));
    }

    [Test]
    public void Many_rows_take_bounded_memory()
    {
        var cache = new RowCache();
        var labels = new Dictionary<string, string> { ["label"] = new('x', 1500) };

        for (var i = 0; i < 100_000; i++)
            cache.Keep(Row($"key {i}", labels), cache.StateOf($"key {i}"));

        Assert.That(cache.Find("key 99999"), Is.Not.Null);
        Assert.That(cache.Length, Is.InRange(1, 64 << 20));
    }

    [Test]
    public void Names_that_are_no_valid_text_are_not_confused()
    {
        var cache = new RowCache();

        for (var surrogate = '\uD800'; surrogate <= '\uDFFF'; surrogate++)
            cache.Keep(Row($"{surrogate}"), cache.StateOf($"{surrogate}"));

        Assert.That(Enumerable.Range(0xD800, 0x800).Select(i => cache.Find($"{(char)i}")), Is.All.Null);
    }

    [Test]
    public void A_row_with_long_labels_is_not_kept()
    {
        var cache = new RowCache();
        var row = Row("key", new() { ["long"] = new('x', 4000) });

        cache.Keep(row, cache.StateOf("key"));

        Assert.That(cache.Find("key"), Is.Null);
    }

    [Test]
    public async Task A_closed_store_answers_nothing_from_memory()
    {
        await Store.PrepareAsync("key");
        _ = Store.Stat("key");

        Store.Dispose();

        Assert.That(() => Store.Stat("key"), Throws.TypeOf<ObjectDisposedException>());
    }

    // As another program would: nothing in this process notices.
    private void RemoveAllRows()
    {
        using var connection = Folder.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_keys = OFF; DELETE FROM snapshots";
        command.ExecuteNonQuery();
    }

    private static Dictionary<string, string> Value(int value) => new() { ["value"] = value.ToString(CultureInfo.InvariantCulture) };

    private static StoredSnapshot Row(string name, Dictionary<string, string>? labels = null) =>
        new() { Number = 1, Info = new() { Name = name, Kind = SnapshotKind.Active, Labels = labels ?? [] } };

    private Task<SnapshotInfo> UpdateAsync(int value) =>
        Store.UpdateAsync(new() { Name = "key", Kind = SnapshotKind.Unknown, Labels = Value(value) }, []);
}
