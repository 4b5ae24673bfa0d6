namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>The registry goes away while a container reads.</summary>
internal sealed class RegistryAwayTests : LazyLayerTest
{
    [Test]
    public async Task Container_waits_for_a_registry_that_refuses_and_goes_on()
    {
        var gate = new Gate();
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        BreakParts(layer, async exchange =>
        {
            _ = gate.PassAsync(default);
            await exchange.AnswerAsync(503);
        });
        var reading = HashAsync(image);
        await gate.ReachedAsync();
        var requests = Node.Hostile.OursFor(layer.Digest).Count;
        await Eventually.TrueAsync(() => Task.FromResult(Node.Hostile.OursFor(layer.Digest).Count > requests + 2), "the registry is asked again");
        Assert.That(reading.IsCompleted, Is.False);

        BreakParts(layer, null);

        Assert.That(await reading, Is.EqualTo(RightHash));
    }

    [Test]
    public async Task Container_waits_for_a_registry_that_is_silent_and_goes_on()
    {
        var gate = new Gate();
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        BreakParts(layer, Faults.Silence(gate));
        var reading = HashAsync(image);
        await gate.ReachedAsync();
        Assert.That(reading.IsCompleted, Is.False);

        gate.Open();

        Assert.That(await reading, Is.EqualTo(RightHash));
    }
}

/// <summary>The registry is away for longer than a read waits.</summary>
internal sealed class ReadTimeoutTests : LazyLayerTest
{
    protected override IReadOnlyList<string> Options => ["--lazy-from", "*", "--read-timeout", "00:00:02"];

    [Test]
    public async Task Read_fails_after_its_time_and_later_ones_work([Values] bool isSilent)
    {
        var (image, layer) = await PushLazyAsync();
        await PullAsync(image);
        BreakParts(layer, isSilent ? Faults.Silence(new()) : Faults.Status(503));

        var failed = await Node.Containerd.CtrAsync("run", "--rm", Reference(image), "failed", "/bin/busybox", "sha256sum", "/data/lazy");

        Assert.That(failed.ExitCode, Is.Not.Zero);
        Assert.That(failed.ToString(), Does.Contain("Input/output error"));
        BreakParts(layer, null);
        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Rest.Open();
        await UntilAsync(layer, "Complete");
    }
}
