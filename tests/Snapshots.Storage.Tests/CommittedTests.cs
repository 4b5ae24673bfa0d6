using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Snapshots that are committed from the start, such as layers that come from elsewhere.</summary>
internal sealed class CommittedTests : StoreTest
{
    [Test]
    public async Task A_committed_snapshot_is_stored_with_its_usage_and_its_parents()
    {
        var parent = await Store.LayerAsync("parent");
        var labels = new Dictionary<string, string> { ["a"] = "b", ["empty"] = "" };

        var created = await Store.CreateCommittedAsync("layer", "parent", labels, (planned, _) =>
        {
            Assert.Multiple(() =>
            {
                Assert.That(planned.Number, Is.GreaterThan(parent.Number));
                Assert.That(planned.Parents, Is.EqualTo(new[] { parent.Number }));
                Assert.That(Store.IsInUse(planned.Number), Is.True);
                Assert.That(Store.Stat("layer"), Is.Null);
            });
            return ValueTask.FromResult(new SnapshotUsage(8192, 3));
        });

        Assert.Multiple(() =>
        {
            Assert.That(created.Usage, Is.EqualTo(new SnapshotUsage(8192, 3)));
            Assert.That(created.Info.Kind, Is.EqualTo(SnapshotKind.Committed));
            Assert.That(created.Info.Labels, Is.EqualTo(new Dictionary<string, string> { ["a"] = "b" }));
            Assert.That(created.Parents, Is.EqualTo(new[] { parent.Number }));
        });
        Reopen();
        Assert.That(Store.Find("layer"), Is.EqualTo(created));
    }

    [Test]
    public async Task Snapshots_can_be_prepared_on_it()
    {
        var layer = await Store.CreateCommittedAsync("layer");

        Assert.That((await Store.PrepareAsync("key", "layer")).Parents, Is.EqualTo(new[] { layer.Number }));
    }

    [TestCase("new", "missing", SnapshotterError.NotFound, "snapshot \"missing\"")]
    [TestCase("new", "active", SnapshotterError.InvalidArgument, "parent snapshot \"active\" is active, not committed")]
    [TestCase("", "layer", SnapshotterError.InvalidArgument, "the name of a snapshot cannot be empty")]
    [TestCase("layer", "", SnapshotterError.AlreadyExists, "snapshot \"layer\"")]
    [TestCase("active", "layer", SnapshotterError.AlreadyExists, "snapshot \"active\"")]
    [TestCase("layer", "missing", SnapshotterError.NotFound, "snapshot \"missing\"", Description = "The parent before the name.")]
    public async Task A_committed_snapshot_is_refused(string name, string parent, SnapshotterError error, string message)
    {
        await Store.LayerAsync("layer");
        await Store.PrepareAsync("active");
        var before = Store.Walk(SnapshotFilter.All).ToList();

        var exception = await Assert.ThrowsAsync<SnapshotterException>(async () => await Store.CreateCommittedAsync(
            name, parent, Calls.NoLabels, (_, _) => throw new AssertionException("It was made.")));

        Assert.Multiple(() =>
        {
            Assert.That(exception!.Error, Is.EqualTo(error));
            Assert.That(exception!.Message, Is.EqualTo(message));
            Assert.That(Store.Walk(SnapshotFilter.All), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task One_that_could_not_be_made_frees_its_number()
    {
        await Assert.ThatAsync(
            async () => await Store.CreateCommittedAsync("layer", "", Calls.NoLabels, (_, _) => throw new InvalidOperationException()),
            Throws.InvalidOperationException);

        Assert.Multiple(() =>
        {
            Assert.That(Store.NumbersInUse(), Is.Empty);
            Assert.That(Store.Stat("layer"), Is.Null);
        });
    }

    [Test]
    public async Task It_never_gets_content_that_was_made_ahead()
    {
        var made = new List<long>();
        Reopen(new() { MakeAhead = numbers => { made.AddRange(numbers); return Task.CompletedTask; } });
        await Store.PrepareAsync("key");
        await Eventually.TrueAsync(() => made.Count > 0 && made.TrueForAll(Store.IsInUse), "content is made ahead");

        var created = await Store.CreateCommittedAsync("layer");

        Assert.That(made, Has.No.Member(created.Number));
    }
}
