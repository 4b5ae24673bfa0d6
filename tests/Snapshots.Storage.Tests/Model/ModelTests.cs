using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Model;
using Containerd.Snapshots.Tests.Storage.Fixtures;
using CsCheck;

namespace Containerd.Snapshots.Tests.Storage.Model;

/// <summary>
/// Random histories of all calls, against a model of what containerd expects. A difference is shrunk to a short
/// history. SNAPSHOTS_HISTORIES sets the number of histories, each of 25 calls on average.
/// </summary>
internal sealed class ModelTests
{
    private static readonly int Histories =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_HISTORIES"), out var number) ? number : 200;

    [Test]
    public async Task Sequential_calls_answer_as_the_model_does()
    {
        var calls = 0;
        await Tests.Model.Histories.Sequential(50).SampleAsync(
            async history =>
            {
                await WithStoreAsync(store => Comparison.AssertSameInSequenceAsync(new StoreTarget(store), history));
                Interlocked.Add(ref calls, history.Length);
            },
            iter: Histories);

        TestContext.Out.WriteLine($"{calls} calls in {Histories} histories, without a difference.");
    }

    [Test]
    public Task Concurrent_calls_answer_as_the_model_does_in_some_order() => Tests.Model.Histories.Concurrent(12).SampleAsync(
        (before, atOnce) => WithStoreAsync(store => Comparison.AssertSameAtOnceAsync(new StoreTarget(store), before, atOnce)), iter: Histories);

    [Test]
    public async Task A_bug_is_found_and_shrunk_to_the_calls_that_show_it()
    {
        var found = await Assert.ThrowsAsync<CsCheckException>(async () => await Tests.Model.Histories.Sequential(50).SampleAsync(
            history => WithStoreAsync(store => Comparison.AssertSameInSequenceAsync(new CommitsViews(store), history)), iter: 10_000, threads: 1));

        // The view, its commit, and the reads: shrinking removed the rest of the history.
        Assert.That(found!.Message, Does.Contain("View").And.Contain("Commit"));
        Assert.That(found.Message.Split("Operation.").Length, Is.LessThanOrEqualTo(5), found.Message);
    }

    private static async Task WithStoreAsync(Func<SnapshotStore, Task> run)
    {
        using var folder = StoreFolder.InMemory();
        using var store = folder.Open();
        await run(store);
    }

    // A store with a bug: it commits a view, by replacing it with an active snapshot.
    private sealed class CommitsViews(SnapshotStore store) : StoreTarget(store)
    {
        private readonly SnapshotStore _store = store;

        protected override async Task<string> AnswerAsync(Operation operation)
        {
            if (operation is Operation.Commit call && _store.Stat(call.Key) is { Kind: SnapshotKind.View } view && _store.Stat(call.Name) is null && call.Name.Length > 0)
            {
                await _store.RemoveAsync(call.Key);
                await base.AnswerAsync(new Operation.Prepare(call.Key, view.Parent, new global::Containerd.Snapshots.Tests.Model.Labels()));
            }

            return await base.AnswerAsync(operation);
        }
    }
}
