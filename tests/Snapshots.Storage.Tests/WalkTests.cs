using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A walk over several pages returns each snapshot once.</summary>
internal sealed class WalkTests : StoreTest
{
    private const string Ref = $"labels.\"{SnapshotLabels.SnapshotRef}\"";

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(129)]
    [TestCase(256)]
    public async Task Each_snapshot_comes_once(int count)
    {
        var keys = Enumerable.Range(0, count).Select(number => $"key {number}").ToList();
        foreach (var key in keys)
            await Store.PrepareAsync(key);

        Assert.That(Store.Walk(SnapshotFilter.All).Select(info => info.Name), Is.EqualTo(keys));
    }

    [TestCase(127)]
    [TestCase(128)]
    [TestCase(129)]
    [TestCase(256)]
    public async Task Each_snapshot_that_an_index_finds_comes_once_in_the_order_of_the_numbers(int count)
    {
        await Store.LayerAsync("layer");
        var keys = Enumerable.Range(0, count).Select(number => $"key {number}").ToList();
        foreach (var key in keys)
            await Store.PrepareAsync(key, "layer");

        Assert.That(Store.Walk(SnapshotFilter.Parse("name==\"key 5\"", "parent==layer", "name==\"key 1\"")).Select(info => info.Name), Is.EqualTo(keys));
    }

    [TestCase($"{Ref}==x,parent==layer", 3, "active view")]
    [TestCase($"{Ref}==x", 3, "top active view")]
    [TestCase($"{Ref}==x,parent==\"\"", 3, "top")]
    [TestCase("name==view", 1, "view")]
    [TestCase("name==view,kind==active", 1, "")]
    [TestCase($"name==top,{Ref}==x,parent==\"\"", 1, "top")]
    [TestCase("name==missing", 0, "")]
    [TestCase("parent==layer", 2, "active view")]
    [TestCase("parent==missing", 0, "")]
    [TestCase("parent==layer,labels.a==b", 2, "view")]
    [TestCase("parent==layer|name==top", 3, "top active view")]
    [TestCase($"{Ref}==y|{Ref}==x|name==view", 3, "top active view")]
    [TestCase($"{Ref}==x,{Ref}==y", 3, "")]
    [TestCase("parent==\"\"", null, "layer top other")]
    [TestCase("kind==view", null, "view")]
    [TestCase("labels.a==b", null, "view")]
    [TestCase("name!=view", null, "layer top active other")]
    [TestCase("name==view|kind==active", null, "active view other")]
    [TestCase("name==view|", null, "layer top active view other")]
    public async Task A_walk_reads_what_an_index_finds_for_all_filters_or_everything(string filters, int? candidates, string expected)
    {
        var labels = new Dictionary<string, string> { [SnapshotLabels.SnapshotRef] = "x" };
        await Store.LayerAsync("layer");
        await Store.PrepareAsync("top key");
        await Store.CommitAsync("top", "top key", "", labels);
        await Store.PrepareAsync("active", "layer", labels);
        await Store.ViewAsync("view", "layer");
        await Store.UpdateAsync(new() { Name = "view", Kind = SnapshotKind.Unknown, Labels = new Dictionary<string, string>(labels) { ["a"] = "b" } }, []);
        await Store.PrepareAsync("other");
        var filter = SnapshotFilter.Parse(filters.Split('|'));
        using var reader = new StoreReader(new StoreFile(Folder.File, Schema.Current).ConnectToRead());

        Assert.Multiple(() =>
        {
            Assert.That(reader.Candidates(filter.Alternatives)?.Count, Is.EqualTo(candidates));
            Assert.That(string.Join(' ', Store.Walk(filter).Select(info => info.Name)), Is.EqualTo(expected));
        });
    }

    [TestCase(StoreReader.ByName, "sqlite_autoindex_snapshots_1")]
    [TestCase(StoreReader.ByRef, "snapshots_by_ref")]
    [TestCase(StoreReader.ByParent, "snapshots_by_parent")]
    public void Each_look_up_uses_its_index(string query, string index)
    {
        using var connection = Folder.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {query.Replace("?1", "'x'", StringComparison.Ordinal)}";
        using var reader = command.ExecuteReader();

        Assert.That(reader.Read() ? reader.GetString(3) : "", Does.StartWith("SEARCH snapshots USING").And.Contains(index));
    }
}
