using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>While a snapshot is made, its parent stays and its name is its own.</summary>
internal sealed class MakingTests : StoreTest
{
    private readonly TaskCompletionSource[] _ends = [new(), new()];

    [SetUp]
    public void Begin() => (_ends[0], _ends[1]) = (new(), new());

    [TestCase(SnapshotKind.Active)]
    [TestCase(SnapshotKind.View)]
    [TestCase(SnapshotKind.Committed)]
    public async Task The_parent_of_a_snapshot_that_is_made_cannot_be_removed(SnapshotKind kind)
    {
        var parent = await Store.LayerAsync("parent");
        var making = await MakeAsync(0, kind, "key", "parent");

        var refused = await Assert.ThrowsAsync<SnapshotterException>(async () => await Store.RemoveAsync("parent"));
        _ends[0].SetResult();
        var made = await making;

        Assert.Multiple(() =>
        {
            Assert.That(refused!.Error, Is.EqualTo(SnapshotterError.FailedPrecondition));
            Assert.That(refused!.Message, Is.EqualTo("cannot remove snapshot \"parent\": a snapshot is being made on it"));
            Assert.That(made.Parents, Is.EqualTo(new[] { parent.Number }));
        });
    }

    [Test]
    public async Task The_parent_can_be_removed_when_no_snapshot_is_made_on_it_any_more()
    {
        await Store.LayerAsync("parent");
        var making = new[] { await MakeAsync(0, SnapshotKind.Active, "first", "parent"), await MakeAsync(1, SnapshotKind.Active, "second", "parent") };

        _ends[0].SetException(new IOException());
        await Assert.ThatAsync(() => making[0], Throws.TypeOf<IOException>());
        var whileOneIsMade = await ErrorOf(() => Store.RemoveAsync("parent"));
        _ends[1].SetException(new IOException());
        await Assert.ThatAsync(() => making[1], Throws.TypeOf<IOException>());

        Assert.That(whileOneIsMade, Is.EqualTo(SnapshotterError.FailedPrecondition));
        await Assert.ThatAsync(() => Store.RemoveAsync("parent"), Throws.Nothing);
    }

    [Test]
    public async Task A_refused_call_does_not_keep_the_parent()
    {
        await Store.LayerAsync("parent");
        await Store.PrepareAsync("key");

        await ErrorOf(() => Store.PrepareAsync("key", "parent"));

        await Assert.ThatAsync(() => Store.RemoveAsync("parent"), Throws.Nothing);
    }

    [Test]
    public async Task A_parent_is_kept_or_removed_but_never_both()
    {
        for (var i = 0; i < 300; i++)
        {
            await Store.LayerAsync("parent");
            using var start = new Barrier(2);
            var (keptDuringMake, ended) = (true, new TaskCompletionSource());
            var making = Task.Run(() =>
            {
                start.SignalAndWait();
                return Store.CreateAsync(SnapshotKind.Active, "key", "parent", Calls.NoLabels, async (planned, _) =>
                {
                    await ended.Task;
                    keptDuringMake = Store.Find(planned.Parents[0]) is not null;
                });
            });
            var removing = Task.Run(async () =>
            {
                start.SignalAndWait();
                try
                {
                    await Store.RemoveAsync("parent");
                }
                finally
                {
                    ended.SetResult();
                }
            });
            await Task.WhenAll(making, removing).ContinueWith(static _ => { }, TaskScheduler.Default);

            Assert.Multiple(() =>
            {
                Assert.That(keptDuringMake, Is.True);
                Assert.That(making.IsCompletedSuccessfully, Is.Not.EqualTo(removing.IsCompletedSuccessfully));
                Assert.That(ErrorIn(making), Is.Null.Or.EqualTo(SnapshotterError.NotFound));
                Assert.That(ErrorIn(removing), Is.Null.Or.EqualTo(SnapshotterError.FailedPrecondition));
            });
            if (making.IsCompletedSuccessfully)
            {
                await Store.RemoveAsync("key");
                await Store.RemoveAsync("parent");
            }
        }
    }

    [TestCase(SnapshotKind.Active)]
    [TestCase(SnapshotKind.Committed)]
    public async Task A_second_call_for_a_name_waits_and_then_finds_it_taken(SnapshotKind kind)
    {
        var first = await MakeAsync(0, kind, "name");
        var second = CreateAsync(kind, "name", () => throw new AssertionException("It was made, too."));
        var isEarly = second.IsCompleted;
        _ends[0].SetResult();
        await first;

        Assert.That(isEarly, Is.False);
        Assert.That(await ErrorOf(() => second), Is.EqualTo(SnapshotterError.AlreadyExists));
    }

    [Test]
    public async Task A_second_call_for_a_name_has_its_turn_when_the_first_fails()
    {
        var first = await MakeAsync(0, SnapshotKind.Committed, "name");
        var second = CreateAsync(SnapshotKind.Committed, "name", () => Task.CompletedTask);
        var third = CreateAsync(SnapshotKind.Active, "name", () => Task.CompletedTask);
        _ends[0].SetException(new IOException());

        await Assert.ThatAsync(() => first, Throws.TypeOf<IOException>());
        await Assert.ThatAsync(() => second, Throws.Nothing);
        Assert.That(await ErrorOf(() => third), Is.EqualTo(SnapshotterError.AlreadyExists));
    }

    [Test]
    public async Task A_call_that_waits_for_a_name_can_be_canceled()
    {
        using var source = new CancellationTokenSource();
        var first = await MakeAsync(0, SnapshotKind.Active, "name");
        var second = CreateAsync(SnapshotKind.Active, "name", () => Task.CompletedTask, source.Token);
        var third = CreateAsync(SnapshotKind.Active, "name", () => Task.CompletedTask);

        await source.CancelAsync();
        await Assert.ThatAsync(() => second, Throws.InstanceOf<OperationCanceledException>());
        var isEarly = third.IsCompleted;
        _ends[0].SetException(new IOException());

        Assert.That(isEarly, Is.False);
        await Assert.ThatAsync(() => first, Throws.TypeOf<IOException>());
        await Assert.ThatAsync(() => third, Throws.Nothing);
    }

    [Test]
    public async Task A_commit_does_not_wait_for_a_snapshot_that_is_made_under_its_name()
    {
        await Store.PrepareAsync("key");
        var making = await MakeAsync(0, SnapshotKind.Committed, "name");

        await Eventually.Within(Store.CommitAsync("name", "key")); // containerd waits for it in a transaction.
        _ends[0].SetResult();

        Assert.That(await ErrorOf(() => making), Is.EqualTo(SnapshotterError.AlreadyExists));
    }

    [Test]
    public async Task Calls_for_other_names_do_not_wait()
    {
        var making = await MakeAsync(0, SnapshotKind.Active, "key");

        await Store.PrepareAsync("other");
        _ends[0].SetResult();

        await Assert.ThatAsync(() => making, Throws.Nothing);
    }

    // Begins to make a snapshot, until the test ends it.
    private async Task<Task<StoredSnapshot>> MakeAsync(int which, SnapshotKind kind, string key, string parent = "")
    {
        var begun = new TaskCompletionSource();
        var making = CreateAsync(
            kind,
            key,
            () =>
            {
                begun.SetResult();
                return _ends[which].Task;
            },
            default,
            parent);
        await begun.Task;
        return making;
    }

    private Task<StoredSnapshot> CreateAsync(SnapshotKind kind, string key, Func<Task> make, CancellationToken cancellationToken = default, string parent = "") =>
        kind == SnapshotKind.Committed
            ? Store.CreateCommittedAsync(
                key,
                parent,
                Calls.NoLabels,
                async (_, _) =>
                {
                    await make();
                    return SnapshotUsage.None;
                },
                cancellationToken)
            : Store.CreateAsync(kind, key, parent, Calls.NoLabels, async (_, _) => await make(), cancellationToken);

    private static SnapshotterError? ErrorIn(Task task) => (task.Exception?.InnerException as SnapshotterException)?.Error;
}
