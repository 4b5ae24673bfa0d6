using Containerd.Snapshots.Remote.Fetching;

namespace Containerd.Snapshots.Tests.Remote.Blobs;

/// <summary>Buffers and connections are shared.</summary>
internal sealed class BudgetTests
{
    [Test]
    public async Task A_free_buffer_goes_to_whoever_holds_the_fewest()
    {
        var budget = new BufferBudget(4);
        var (greedy, modest) = (budget.Join(), budget.Join());
        var held = new List<byte[]>();
        for (var buffer = 0; buffer < 4; buffer++)
            held.Add(await budget.RentAsync(greedy, default));
        var (more, first) = (budget.RentAsync(greedy, default), budget.RentAsync(modest, default));

        budget.Return(greedy, held[0]);

        Assert.That(await Eventually.Within(first.AsTask()), Is.SameAs(held[0]));
        Assert.That(more.IsCompleted, Is.False);

        budget.Return(greedy, held[1]);
        Assert.That(await Eventually.Within(more.AsTask()), Is.SameAs(held[1]));
        Assert.That(budget.Held, Is.EqualTo(4));
    }

    [Test]
    public async Task A_canceled_wait_takes_no_buffer()
    {
        var budget = new BufferBudget(1);
        var owner = budget.Join();
        var buffer = await budget.RentAsync(owner, default);
        using var cancel = new CancellationTokenSource();
        var waiting = budget.RentAsync(owner, cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        budget.Return(owner, buffer);

        Assert.That(budget.Held, Is.Zero);
        Assert.That((await budget.RentAsync(owner, default)).Length, Is.EqualTo(BufferBudget.BufferSize));
    }

    [Test]
    public async Task When_the_last_blob_is_done_no_memory_is_kept()
    {
        var budget = new BufferBudget(1);
        var owner = budget.Join();
        var buffer = await budget.RentAsync(owner, default);
        budget.Return(owner, buffer);
        budget.Leave();

        Assert.That(await budget.RentAsync(budget.Join(), default), Is.Not.SameAs(buffer));
    }

    [Test]
    public void Ahead_of_their_turn_blobs_use_a_quarter_of_the_connections()
    {
        using var limit = new ConnectionLimit(8);

        Assert.That(Enumerable.Range(0, 3).Select(_ => limit.TryTakeAhead()), Is.EqualTo(new[] { true, true, false }));

        limit.ReturnAhead();
        Assert.That(limit.TryTakeAhead());
    }

    [Test]
    public void Memory_is_divided_into_the_blobs_own_buffers_and_shared_ones()
    {
        Assert.That(FetchLimits.BuffersFor(24 << 20, 64), Is.EqualTo(80));
        Assert.That(FetchLimits.BuffersFor(1, 64), Is.EqualTo(1));
    }
}
