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

        Assert.That(Content.Calls.Where(call => !call.StartsWith("remove", StringComparison.Ordinal)), Is.EqualTo(new[] { $"make {NumberOf("layer")}", $"seal {NumberOf("layer")}", $"measure {NumberOf("layer")}" }));
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
    public async Task Content_whose_snapshot_was_not_stored_is_removed()
    {
        using var canceled = new CancellationTokenSource();
        Content.Make = (_, _) => canceled.CancelAsync(); // It is made, and the store refuses the snapshot.

        Assert.That(() => PrepareAsync("key", cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
        await Eventually.TrueAsync(() => Content.Numbers.Length == 0, "the content is gone");
    }

    [Test]
    public async Task A_snapshot_whose_mounts_cannot_be_told_is_not_stored()
    {
        Content.Mount = _ => throw new IOException("The pool is gone.");

        await Assert.ThrowsAsync<IOException>(() => PrepareAsync("key"));

        Assert.That(Snapshotter.Stat("key"), Is.Null);
        Assert.That(Content.Numbers, Is.Empty);
    }

    [Test]
    public async Task Content_that_exists_already_under_a_new_number_stays()
    {
        using var folder = StoreFolder.InMemory();
        await using var snapshotter = StoredSnapshotter.Open(folder.Path, SnapshotDirectories.Open(folder.Path), Log);
        await Eventually.Within(snapshotter.Started); // Its cleanup would take them for garbage.
        var inTheWay = Enumerable.Range(1, 100).Select(number => Directory.CreateDirectory($"{folder.Path}/snapshots/{number}/fs/precious")).ToList();

        Assert.That(await ErrorOf(() => snapshotter.PrepareAsync("key", "", None, CancellationToken.None)), Is.EqualTo(SnapshotterError.Internal));
        Assert.That(inTheWay.Select(directory => Directory.Exists(directory.FullName)), Has.All.True);
    }

    [Test]
    public async Task A_cleanup_removes_nothing_whose_removal_is_newer_than_its_sync()
    {
        await Eventually.Within(Snapshotter.Started); // No other cleanup runs.
        await PrepareAsync("first");
        await PrepareAsync("second");
        var (first, second) = (NumberOf("first"), NumberOf("second"));
        await Snapshotter.Store.RemoveAsync("first");
        Content.Remove = number =>
        {
            if (number == first) // This removal is not synced when the cleanup comes to it.
                Snapshotter.Store.RemoveAsync("second").GetAwaiter().GetResult();
            return null;
        };

        await Snapshotter.CleanupAsync(CancellationToken.None);
        Assert.That(Content.Numbers, Is.EqualTo(new[] { second }), "The cleanup that saw it in use leaves it.");

        await Snapshotter.CleanupAsync(CancellationToken.None);
        Assert.That(Content.Numbers, Is.Empty);
    }

    [Test]
    public async Task Calls_at_once_leave_content_for_each_snapshot_and_no_other()
    {
        await LayerAsync("layer");
        var asked = new Dictionary<string, string> { [SnapshotLabels.SnapshotRef] = "remote" };
        Content.Make = async (snapshot, token) =>
        {
            await Task.Yield();
            if (snapshot.Number % 7 == 0)
                throw new IOException("It fails now and then.");
        };

        await Eventually.Within(Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < 50; round++)
            {
                try
                {
                    var key = $"{(worker + round) % 5}";
                    Task call = (((worker * 31) + round) % 7) switch
                    {
                        0 or 1 => PrepareAsync(key, "layer"),
                        2 => Snapshotter.RemoveAsync(key, CancellationToken.None),
                        3 => Snapshotter.CommitAsync($"layer-{key}", key, "", None, CancellationToken.None),
                        4 => Snapshotter.RemoveAsync($"layer-{key}", CancellationToken.None),
                        5 => Snapshotter.CommitRemoteAsync($"extract-{worker}", "layer", asked, Content.MakeAsync, CancellationToken.None),
                        _ => Snapshotter.UsageAsync(key, CancellationToken.None).AsTask(),
                    };
                    await call;
                    if (round % 20 == 0)
                        await Snapshotter.CleanupAsync(CancellationToken.None);
                }
                catch (Exception exception) when (exception is SnapshotterException or IOException)
                {
                }
            }
        }))));

        await Snapshotter.CleanupAsync(CancellationToken.None);
        Assert.That(Content.Numbers, Is.EqualTo(Snapshotter.Walk(SnapshotFilter.Parse([])).Select(info => Snapshotter.Store.Find(info.Name)!.Number).Order()));
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
        Content.With(1000, 1001);

        await Snapshotter.CleanupAsync(CancellationToken.None);

        Assert.That(Content.Numbers, Is.EqualTo(new[] { NumberOf("key") }));
    }

    [Test]
    public async Task A_committed_snapshot_has_no_mounts()
    {
        await LayerAsync("layer");

        Assert.That(await ErrorOf(() => Task.FromResult(Snapshotter.Mounts("layer"))), Is.EqualTo(SnapshotterError.FailedPrecondition));
        Assert.That(Snapshotter.Mounts("missing"), Is.Null);
    }

    [Test]
    public async Task The_start_ends_before_the_content_is_disposed()
    {
        await LayerAsync("layer");
        var content = new FakeContent().With(Content.Numbers);
        var (looking, go) = (new TaskCompletionSource(), new ManualResetEventSlim());
        content.Look = _ =>
        {
            looking.SetResult();
            go.Wait();
            Assert.That(content.IsDisposed, Is.False);
            return false;
        };
        await ReopenAsync(content);
        await looking.Task;

        var disposal = Snapshotter.DisposeAsync().AsTask();
        Assert.That(content.IsDisposed, Is.False);
        go.Set();
        await Eventually.Within(disposal);

        Assert.That(content.IsDisposed, Is.True);
    }

    [Test]
    public async Task The_content_is_disposed_with_the_snapshotter()
    {
        await Snapshotter.DisposeAsync();

        Assert.That(Content.IsDisposed, Is.True);
    }
}
