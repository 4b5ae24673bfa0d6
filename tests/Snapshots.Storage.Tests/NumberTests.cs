using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Each number is handed out once only.</summary>
internal sealed class NumberTests : StoreTest
{
    [Test]
    public async Task A_number_is_not_reused_after_a_crash_that_lost_its_snapshot()
    {
        long taken = 0;
        await Assert.ThatAsync(
            async () => await Store.CreateAsync(SnapshotKind.Active, "key", "", Calls.NoLabels, (planned, _) =>
            {
                taken = planned.Number;
                throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);

        using var crashed = Folder.Crashed();
        using var again = crashed.Open();

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(taken, Is.Positive);
            Assert.That((await again.PrepareAsync("key")).Number, Is.GreaterThan(taken));
        });
    }

    [Test]
    public async Task Concurrent_calls_get_different_numbers()
    {
        const int Count = 500;

        var snapshots = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(() => Store.PrepareAsync($"key {i}"))));

        Assert.Multiple(() =>
        {
            Assert.That(snapshots.Select(each => each.Number), Is.Unique);
            Assert.That(Store.NumbersInUse(), Is.EqualTo(snapshots.Select(each => each.Number).Order()));
        });
    }

    [Test]
    public async Task A_number_is_in_use_from_its_reservation_until_the_snapshot_is_removed()
    {
        IReadOnlyList<long> whileMade = [];
        var created = await Store.CreateAsync(SnapshotKind.Active, "key", "", Calls.NoLabels, (_, _) =>
        {
            whileMade = Store.NumbersInUse();
            return ValueTask.CompletedTask;
        });
        var whileStored = Store.NumbersInUse();
        await Store.RemoveAsync("key");

        Assert.Multiple(() =>
        {
            Assert.That(whileMade, Is.EqualTo(new[] { created.Number }));
            Assert.That(whileStored, Is.EqualTo(new[] { created.Number }));
            Assert.That(Store.NumbersInUse(), Is.Empty);
        });
    }

    [Test]
    public async Task A_snapshot_that_could_not_be_made_frees_its_number()
    {
        await Assert.ThatAsync(
            async () => await Store.CreateAsync(SnapshotKind.Active, "key", "", Calls.NoLabels, (_, _) => throw new InvalidOperationException()),
            Throws.InvalidOperationException);

        Assert.Multiple(() =>
        {
            Assert.That(Store.NumbersInUse(), Is.Empty);
            Assert.That(Store.Stat("key"), Is.Null);
        });
    }

    [Test]
    public async Task Numbers_are_above_LastNumber()
    {
        Reopen(new() { LastNumber = 1000 });
        var first = await Store.PrepareAsync("first");
        Reopen();
        var second = await Store.PrepareAsync("second");

        Assert.Multiple(() =>
        {
            Assert.That(first.Number, Is.EqualTo(1001));
            Assert.That(second.Number, Is.GreaterThan(1001));
        });
    }

    [Test]
    public async Task A_snapshot_is_found_by_its_number()
    {
        var layer = await Store.LayerAsync("layer");
        var active = await Store.PrepareAsync("key", "layer");

        Assert.Multiple(() =>
        {
            Assert.That(Store.Find(active.Number), Is.EqualTo(active));
            Assert.That(active.Parents, Is.EqualTo(new[] { layer.Number }));
            Assert.That(Store.Find(active.Number + 1), Is.Null);
        });
    }

    [Test]
    public async Task A_commit_is_refused_when_its_key_has_got_another_snapshot_meanwhile()
    {
        await Store.PrepareAsync("key");

        var error = await ErrorOf(() => Store.CommitAsync("name", "key", "", Calls.NoLabels, async (_, token) =>
        {
            await Store.RemoveAsync("key", token);
            await Store.PrepareAsync("key");
            return SnapshotUsage.None;
        }));

        Assert.Multiple(() =>
        {
            Assert.That(error, Is.EqualTo(SnapshotterError.NotFound));
            Assert.That(Store.Stat("key")!.Kind, Is.EqualTo(SnapshotKind.Active));
        });
    }

    [Test]
    [Repeat(20)] // The store must be closed at the right moment, which takes some tries.
    public async Task Closing_the_store_ends_every_wait_for_a_number()
    {
        var calls = Enumerable.Range(0, 300).Select(i => Task.Run(() => Store.PrepareAsync($"key {i}"))).ToList();
        await Task.WhenAny(calls);

        Store.Dispose();

        await Eventually.Within(Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default));
        Assert.That(calls.Where(call => call.IsFaulted).Select(call => call.Exception!.InnerException), Is.All.TypeOf<ObjectDisposedException>());
    }
}
