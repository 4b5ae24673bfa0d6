using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>What is stored comes back.</summary>
internal sealed class RoundTripTests
{
    private StoreFolder _folder = null!;
    private SnapshotStore _store = null!;

    [SetUp]
    public void Open()
    {
        _folder = new();
        _store = _folder.Open();
    }

    [TearDown]
    public void Close()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task A_new_snapshot_is_found()
    {
        var labels = new Dictionary<string, string> { ["a \"quoted\" key"] = "värde ✓", ["empty"] = "" };

        var created = await _store.PrepareAsync("key with space", labels: labels);

        Assert.Multiple(() =>
        {
            Assert.That(created.Info.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a \"quoted\" key"] = "värde ✓" }));
            Assert.That(_store.Stat("key with space"), Is.EqualTo(created.Info));
            Assert.That(_store.Find("key with space")!.Number, Is.EqualTo(created.Number));
        });
    }

    [Test]
    public async Task A_committed_snapshot_keeps_its_number()
    {
        var active = await _store.PrepareAsync("key");

        var committed = await _store.CommitAsync("name", "key");

        Assert.Multiple(() =>
        {
            Assert.That(committed.Number, Is.EqualTo(active.Number));
            Assert.That(committed.Info.Kind, Is.EqualTo(SnapshotKind.Committed));
            Assert.That(_store.Stat("key"), Is.Null);
            Assert.That(_store.Find("name")!.Usage, Is.EqualTo(new SnapshotUsage(4096, 1)));
        });
    }

    [Test]
    public async Task Parents_are_told_nearest_first()
    {
        var first = await _store.LayerAsync("first");
        var second = await _store.LayerAsync("second", "first");
        var third = await _store.LayerAsync("third", "second");

        var active = await _store.PrepareAsync("key", "third");

        Assert.Multiple(() =>
        {
            Assert.That(active.Parents, Is.EqualTo(new[] { third.Number, second.Number, first.Number }));
            Assert.That(_store.Find("key")!.Parents, Is.EqualTo(active.Parents));
        });
    }

    [Test]
    public async Task Everything_survives_a_crash()
    {
        await _store.LayerAsync("layer");
        var active = await _store.PrepareAsync("key", "layer");

        using var crashed = _folder.Crashed();
        using var again = crashed.Open();

        Assert.Multiple(() =>
        {
            Assert.That(again.Walk(SnapshotFilter.All), Is.EqualTo(_store.Walk(SnapshotFilter.All)));
            Assert.That(again.Find("key")!.Number, Is.EqualTo(active.Number));
        });
    }
}
