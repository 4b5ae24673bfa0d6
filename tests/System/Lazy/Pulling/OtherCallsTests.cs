namespace Containerd.Snapshots.Tests.Lazy.Pulling;

/// <summary>Other calls while a pull waits for a layer.</summary>
internal sealed class OtherCallsTests : LazyTest
{
    private const int Rounds = 6;

    [Test]
    public async Task Containers_start_and_are_removed_while_a_pull_waits()
    {
        var (small, large) = (await PushAsync(), await PushAsync("test/large:1", TestLayer.OfSize("large", 400_000)));
        await PullAsync(small);
        var gate = new Gate();
        Node.Hostile.Break(large.Layers[1].Digest, Faults.StopAt(200_000, gate));
        var pull = TryPullAsync(large);
        await PromisedAsync(small.Layers.Count + 1);

        for (var round = 0; round < Rounds; round++)
        {
            Assert.That(await RunAsync(small), Is.EqualTo(new[] { "changed by three", "of two" }));
            await Node.Containerd.CollectGarbageAsync(); // Wants the lock that containerd holds during a Prepare.
            await Ctr("snapshots", "prepare", $"round-{round}", small.ChainIds[^1]);
            await Ctr("snapshots", "rm", $"round-{round}");
            Assert.That(pull.IsCompleted, Is.False);
        }

        gate.Open();
        (await pull).AssertSucceeded();
        await AssertSuppliedAsync(large);
    }
}
