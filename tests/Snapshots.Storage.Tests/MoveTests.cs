using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>A store moves to another directory, whole or not at all.</summary>
internal sealed class MoveTests
{
    private StoreFolder _folder = null!;

    private string Target => Path.Combine(_folder.Path, "store", "metadata.db");

    [SetUp]
    public void NewFolder() => _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task A_moved_store_has_everything_and_leaves_nothing()
    {
        var before = await FillAsync();

        SnapshotStore.Move(_folder.File, Target);

        AssertMoved(before);
    }

    [Test]
    public async Task A_store_that_was_killed_is_moved_with_its_log()
    {
        using var store = _folder.Open();
        await store.LayerAsync("layer");
        await store.PrepareAsync("key", "layer");
        using var killed = _folder.Crashed();

        SnapshotStore.Move(killed.File, Target);

        using var moved = SnapshotStore.Open(Target);
        Assert.That(moved.Walk(SnapshotFilter.All), Is.EqualTo(store.Walk(SnapshotFilter.All)));
    }

    [Test]
    public async Task A_kill_before_the_copy_is_complete_leaves_the_store_to_be_moved_again()
    {
        var before = await FillAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        await File.WriteAllTextAsync($"{Target}.unfinished", "half a copy");

        SnapshotStore.Move(_folder.File, Target);

        AssertMoved(before);
    }

    [Test]
    public async Task A_kill_after_the_copy_is_complete_leaves_the_copy()
    {
        var before = await FillAsync();
        var away = Directory.CreateDirectory(Path.Combine(_folder.Path, "away")).FullName;
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Copy(file, Path.Combine(away, Path.GetFileName(file)));

        SnapshotStore.Move(_folder.File, Target);
        using (var moved = SnapshotStore.Open(Target))
            await moved.PrepareAsync("later");

        // As if only some files had been removed.
        foreach (var file in Directory.GetFiles(away))
            File.Move(file, Path.Combine(_folder.Path, Path.GetFileName(file)));

        Directory.Delete(away);
        SnapshotStore.Move(_folder.File, Target);

        using var again = SnapshotStore.Open(Target);
        Assert.Multiple(() =>
        {
            Assert.That(again.Walk(SnapshotFilter.All).Select(info => info.Name), Is.EqualTo(before.Select(info => info.Name).Append("later")));
            Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
        });
    }

    [Test]
    public void Without_a_store_nothing_happens()
    {
        SnapshotStore.Move(_folder.File, Target);

        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public async Task A_store_that_is_open_is_not_moved()
    {
        await FillAsync();
        using var store = _folder.Open();

        AssertRefused(SnapshotterError.Unavailable);

        Assert.That(store.Stat("key"), Is.Not.Null);
    }

    [TestCase("no database", SnapshotterError.DataLoss)]
    [TestCase("", SnapshotterError.DataLoss)]
    public async Task A_damaged_store_is_not_moved(string content, SnapshotterError error)
    {
        await File.WriteAllTextAsync(_folder.File, content);

        AssertRefused(error);

        Assert.That(await File.ReadAllTextAsync(_folder.File), Is.EqualTo(content));
    }

    private async Task<IReadOnlyList<SnapshotInfo>> FillAsync()
    {
        using var store = _folder.Open();
        await store.LayerAsync("layer");
        await store.PrepareAsync("key", "layer");
        return [.. store.Walk(SnapshotFilter.All)];
    }

    private void AssertMoved(IReadOnlyList<SnapshotInfo> before)
    {
        using var moved = SnapshotStore.Open(Target);
        Assert.Multiple(() =>
        {
            Assert.That(moved.Walk(SnapshotFilter.All), Is.EqualTo(before));
            Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
            Assert.That(File.Exists($"{Target}.unfinished"), Is.False);
        });
    }

    private void AssertRefused(SnapshotterError error)
    {
        var exception = Assert.Throws<SnapshotterException>(() => SnapshotStore.Move(_folder.File, Target))!;
        Assert.Multiple(() =>
        {
            Assert.That(exception.Error, Is.EqualTo(error), exception.Message);
            Assert.That(File.Exists(Target), Is.False);
        });
    }
}
