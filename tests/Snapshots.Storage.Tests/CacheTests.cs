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
        await Store.PrepareAsync("key");

        var first = Store.Find("key");

        Assert.That(Store.Find("key"), Is.SameAs(first));
        Assert.That(Store.Stat("key"), Is.SameAs(first!.Info));
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
    public void Many_rows_take_bounded_memory()
    {
        var cache = new RowCache();
        var names = Enumerable.Range(0, 100_000).Select(i => $"key {i}").ToList();

        foreach (var name in names)
            cache.Keep(Row(name), cache.StateOf(name));

        Assert.That(names.Count(name => cache.Find(name) is not null), Is.InRange(1, 2048));
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

    private static Dictionary<string, string> Value(int value) => new() { ["value"] = value.ToString(CultureInfo.InvariantCulture) };

    private static StoredSnapshot Row(string name, Dictionary<string, string>? labels = null) =>
        new() { Number = 1, Info = new() { Name = name, Kind = SnapshotKind.Active, Labels = labels ?? [] } };

    private Task<SnapshotInfo> UpdateAsync(int value) =>
        Store.UpdateAsync(new() { Name = "key", Kind = SnapshotKind.Unknown, Labels = Value(value) }, []);
}
