using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage.Stored;

/// <summary>A snapshotter makes, measures and removes content in the right order, and leaves none behind.</summary>
internal sealed class ContentTests : StoredSnapshotterTest
{
    [Test]
    public async Task A_layer_is_sealed_before_it_is_measured()
    {
        await LayerAsync("layer");

        Assert.That(Content.Calls.Where(call => !call.StartsWith("remove", StringComparison.Ordinal)), Is.EqualTo(new[] { "make 1", "seal 1", "measure 1" }));
    }

    [Test]
    public async Task Content_whose_making_failed_is_removed_before_the_call_returns()
    {
        Content.Make = (_, _) => throw new IOException("The disk is full.");

        await Assert.ThrowsAsync<IOException>(() => PrepareAsync("key"));

        Assert.That(Content.Numbers, Is.Empty);
        Assert.That(Snapshotter.Stat("key"), Is.Null);
    }

    [Test]
    public async Task Content_whose_making_was_canceled_is_removed_before_the_call_returns()
    {
        using var canceled = new CancellationTokenSource();
        Content.Make = async (_, token) =>
        {
            await canceled.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        Assert.That(() => PrepareAsync("key", cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Content.Numbers, Is.Empty);
    }

    [Test]
    public async Task Content_whose_snapshot_was_not_stored_is_removed_before_the_call_returns()
    {
        using var canceled = new CancellationTokenSource();
        Content.Make = (_, _) => canceled.CancelAsync(); // It is made, and the store refuses the snapshot.

        Assert.That(() => PrepareAsync("key", cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Content.Numbers, Is.Empty);
    }

    [Test]
    public async Task Content_that_cannot_be_removed_at_once_is_removed_later()
    {
        Content.Make = (_, _) => throw new IOException("The disk is full.");
        var isFirst = true;
        Content.Remove = _ => Interlocked.Exchange(ref isFirst, false) ? throw new IOException("It is busy.") : null;

        await Assert.ThrowsAsync<IOException>(() => PrepareAsync("key"));

        await Eventually.TrueAsync(() => Content.Numbers.Length == 0, "the content is gone");
    }

    [Test]
    public async Task The_content_of_a_removed_snapshot_is_removed()
    {
        await PrepareAsync("key");

        await Snapshotter.RemoveAsync("key", CancellationToken.None);

        await Eventually.TrueAsync(() => Content.Numbers.Length == 0, "the content is gone");
    }

    [Test]
    public async Task A_cleanup_removes_content_without_a_snapshot()
    {
        await PrepareAsync("key");
        Content.With(100, 101);

        await Snapshotter.CleanupAsync(CancellationToken.None);

        Assert.That(Content.Numbers, Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task A_committed_snapshot_has_no_mounts()
    {
        await LayerAsync("layer");

        Assert.That(await ErrorOf(() => Task.FromResult(Snapshotter.Mounts("layer"))), Is.EqualTo(SnapshotterError.FailedPrecondition));
        Assert.That(Snapshotter.Mounts("missing"), Is.Null);
    }

    [Test]
    public async Task The_content_is_disposed_with_the_snapshotter()
    {
        await Snapshotter.DisposeAsync();

        Assert.That(Content.IsDisposed, Is.True);
    }
}
