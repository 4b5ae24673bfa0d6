using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Tests.Storage.Stored;

/// <summary>A start removes what a crash left, and nothing else.</summary>
internal sealed class StartTests : StoredSnapshotterTest
{
    [Test]
    public async Task A_missing_store_beside_content_is_refused_and_all_content_stays()
    {
        await LayerAsync("layer");
        await Snapshotter.DisposeAsync();
        DeleteStore();
        var content = new FakeContent().With(1, 7);

        var refusal = Assert.Throws<SnapshotterException>(() => StoredSnapshotter.Open(Folder.Path, content, Log))!;

        Assert.Multiple(() =>
        {
            Assert.That(refusal.Error, Is.EqualTo(SnapshotterError.FailedPrecondition));
            Assert.That(refusal.Message, Does.Contain("metadata.db").And.Contain("7"));
            Assert.That(content.Numbers, Is.EqualTo(new[] { 1L, 7L }));
            Assert.That(content.IsDisposed, Is.True);
        });
    }

    [Test]
    public async Task Beginning_anew_removes_all_content()
    {
        await Snapshotter.DisposeAsync();
        DeleteStore();

        await ReopenAsync(new FakeContent().With(1, 7), new() { BeginAnew = true });

        await Eventually.TrueAsync(() => Content.Numbers.Length == 0, "the content is gone");
    }

    [Test]
    public async Task Content_of_an_earlier_run_without_a_snapshot_is_removed()
    {
        await LayerAsync("layer");
        var number = NumberOf("layer");

        await ReopenAsync(new FakeContent().With(number, 1000));

        await Eventually.TrueAsync(() => Content.Numbers.SequenceEqual([number]), "only the snapshot's content is left");
        await Eventually.TrueAsync(() => Messages(LogLevel.Information).Any(message => message.StartsWith("Removed the content of 1 snapshots", StringComparison.Ordinal)), "it is logged");
    }

    [Test]
    public async Task Numbers_of_existing_content_are_not_given_again()
    {
        await LayerAsync("layer");
        await ReopenAsync(new FakeContent().With(NumberOf("layer"), 1000));

        await PrepareAsync("key");

        Assert.That(Snapshotter.Store.Find("key")!.Number, Is.GreaterThan(1000));
    }

    [Test]
    public async Task A_snapshot_whose_content_is_lost_is_logged_and_can_be_removed()
    {
        await LayerAsync("lost");
        await LayerAsync("damaged");
        await LayerAsync("whole");
        var (damaged, whole) = (NumberOf("damaged"), NumberOf("whole"));
        var content = new FakeContent().With(damaged, whole);
        content.Damaged.Add(damaged);

        await ReopenAsync(content);

        await Eventually.TrueAsync(() => Messages(LogLevel.Error).Length == 2, "both are logged");
        Assert.That(Messages(LogLevel.Error), Has.All.Contains("has lost its content").And.Some.Contains("\"lost\"").And.Some.Contains("\"damaged\""));
        await Snapshotter.RemoveAsync("lost", CancellationToken.None);
        Assert.That(Snapshotter.Stat("lost"), Is.Null);
    }

    [Test]
    public async Task A_store_of_an_earlier_version_is_moved_to_its_own_directory()
    {
        await Snapshotter.DisposeAsync();
        DeleteStore();
        using (var earlier = SnapshotStore.Open(Path.Combine(Folder.Path, "metadata.db")))
            await earlier.PrepareAsync("key");

        await ReopenAsync(new FakeContent().With(1));

        Assert.That(Snapshotter.Stat("key"), Is.Not.Null);
        Assert.That(Directory.GetFiles(Folder.Path, "metadata.db*"), Is.Empty);
    }

    private void DeleteStore()
    {
        Directory.Delete(Path.Combine(Folder.Path, "store"), recursive: true);
    }

    private string[] Messages(LogLevel level) => [.. Log.Entries.Where(entry => entry.Level == level).Select(entry => entry.Message)];
}
