using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Tests.Storage.Stored;

/// <summary>The usage of a snapshot, as containerd expects it.</summary>
internal sealed class UsageTests : StoredSnapshotterTest
{
    [Test]
    public async Task A_view_uses_nothing()
    {
        await LayerAsync("layer");
        await Snapshotter.ViewAsync("view", "layer", None, CancellationToken.None);

        Assert.That(await UsageAsync("view"), Is.EqualTo(new SnapshotUsage(0, 0)));
    }

    [Test]
    public async Task A_committed_snapshot_has_the_usage_of_its_commit()
    {
        await LayerAsync("layer");
        Content.Measure = (_, _) => Task.FromResult(new SnapshotUsage(1, 1));

        Assert.That(await UsageAsync("layer"), Is.EqualTo(new SnapshotUsage(4096, 1)));
    }

    [Test]
    public async Task A_missing_snapshot_has_none() => Assert.That(await UsageAsync("missing"), Is.Null);

    [Test]
    public async Task A_snapshot_that_is_removed_while_its_measuring_fails_is_not_found()
    {
        await PrepareAsync("key");
        Content.Measure = async (_, _) =>
        {
            await Snapshotter.RemoveAsync("key", CancellationToken.None);
            throw new SnapshotterException(SnapshotterError.DataLoss, "The directory is gone.");
        };

        Assert.That(await UsageAsync("key"), Is.Null);
    }

    [Test]
    public async Task A_snapshot_that_is_removed_while_it_is_measured_is_not_found()
    {
        await PrepareAsync("key");
        Content.Measure = async (_, _) =>
        {
            await Snapshotter.RemoveAsync("key", CancellationToken.None);
            return new(0, 1); // Some of its files were gone.
        };

        Assert.That(await UsageAsync("key"), Is.Null);
    }

    [Test]
    public async Task An_error_of_a_snapshot_that_exists_is_told()
    {
        await PrepareAsync("key");
        Content.Measure = (_, _) => throw new SnapshotterException(SnapshotterError.DataLoss, "The directory is gone.");

        Assert.That(await ErrorOf(() => UsageAsync("key")), Is.EqualTo(SnapshotterError.DataLoss));
    }

    [Test]
    public async Task Few_snapshots_are_measured_at_once_and_the_others_can_be_canceled()
    {
        var (begun, most, end) = (0, 0, new TaskCompletionSource());
        for (var key = 0; key < 64; key++)
            await PrepareAsync($"{key}");
        Content.Measure = async (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref begun));
            await end.Task;
            Interlocked.Decrement(ref begun);
            return new(0, 1);
        };

        using var canceled = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 64).Select(key => Snapshotter.UsageAsync($"{key}", key == 63 ? canceled.Token : CancellationToken.None).AsTask()).ToList();
        await canceled.CancelAsync();
        Assert.That(() => Eventually.Within(calls[63]), Throws.InstanceOf<OperationCanceledException>());
        end.SetResult();
        await Eventually.Within(Task.WhenAll(calls.Take(63)));

        Assert.That(most, Is.InRange(1, Math.Max(2, Environment.ProcessorCount / 2)));
    }

    private async Task<SnapshotUsage?> UsageAsync(string key) => await Snapshotter.UsageAsync(key, CancellationToken.None);

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
