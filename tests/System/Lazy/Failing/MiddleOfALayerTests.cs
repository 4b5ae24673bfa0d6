namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>What goes wrong in the middle of a layer that containerd was promised.</summary>
internal sealed class MiddleOfALayerTests : LazyTest
{
    private const int Size = 600_000, Middle = 300_000;

    private readonly TestLayer _broken = TestLayer.OfSize("broken", Size), _above = TestLayer.OfSize("top", 1000);

    [Test]
    public async Task Lost_connection_is_made_again_and_goes_on_where_it_ended()
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        Node.Hostile.Break(_broken.Digest, Faults.CutAt(Middle));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Ranges(), Is.EqualTo(new[] { null, $"bytes={Middle}-{_broken.Blob.Length - 1}" }));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of broken", "of top" }));
    }

    [Test]
    public async Task Registry_that_is_away_for_a_while_is_asked_again()
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        Node.Hostile.Break(_broken.Digest, Faults.CutAt(Middle, Faults.Status(503, times: 3)));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Ranges(), Has.Count.EqualTo(4));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of broken", "of top" }));
    }

    [Test]
    public Task Denied_rest_ends_the_pull_with_its_reason_and_the_next_one_is_unpacked_by_containerd() => AssertBrokenAsync(
        gate => Faults.CutAt(Middle, Faults.Status(403), gate), $"{Node.Hostile.Address} denies blob {_broken.Digest} of test/app (403)");

    [Test]
    public Task Removed_rest_ends_the_pull_with_its_reason_and_the_next_one_is_unpacked_by_containerd() => AssertBrokenAsync(
        gate => Faults.CutAt(Middle, Faults.Status(404), gate), $"{Node.Hostile.Address} does not have blob {_broken.Digest}");

    [Test]
    public Task Wrong_bytes_end_the_pull_with_both_digests_and_the_next_one_is_unpacked_by_containerd()
    {
        var wrong = _broken.Blob.ToArray();
        wrong[^20] ^= 1;
        return AssertBrokenAsync(gate => Faults.StopAtAndLie(Middle, gate), _broken.Digest, TestLayer.DigestOf(wrong));
    }

    [Test]
    public async Task Image_that_lies_about_a_diff_ID_ends_the_pull_with_both()
    {
        var lie = TestLayer.DigestOf("another layer"u8);
        var image = await PushedImage.PushAsync(Node.Registry.Address, "test/app:1", [TestLayer.Busybox, _broken, _above], [TestLayer.Busybox.DiffId, lie, _above.DiffId]);
        var gate = new Gate();
        Node.Hostile.Break(_broken.Digest, Faults.StopAt(Middle, gate));

        var error = await FailPromisedAsync(image, gate);

        Assert.That(error, Does.Contain(_broken.Digest).And.Contain(_broken.DiffId).And.Contain(lie));
        Assert.That(await PartsAsync(), Is.Empty);
        Node.Hostile.Heal();
        Assert.That((await TryPullAsync(image)).Error, Does.Contain("diff"), "containerd refuses it, too");
    }

    /// <summary>Asserts that a promise is broken with a reason, and that the next pull is unpacked from that layer on.</summary>
    private async Task AssertBrokenAsync(Func<Gate, Fault> fault, params IReadOnlyList<string> words)
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        var gate = new Gate();
        Node.Hostile.Break(_broken.Digest, fault(gate));

        var error = await FailPromisedAsync(image, gate);

        foreach (var word in words)
            Assert.That(error, Does.Contain(word));
        Assert.That(Node.Snapshotter.Log, Does.Contain($"Layer {_broken.Digest}, which containerd was promised, cannot be supplied"));
        Assert.That(await PartsAsync(), Is.Empty);

        Node.Hostile.Heal();
        await PullAsync(image);

        Assert.That((await Node.ContentAsync()).Intersect(image.Layers.Select(layer => layer.Digest)), Is.EquivalentTo(new[] { _broken.Digest, _above.Digest }));
        Assert.That((await Node.LayerAsync(_broken))?.GetProperty("reason").GetString(), Does.Contain(words[0]));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of broken", "of top" }));
        Assert.That(await PartsAsync(), Is.Empty);
    }

    // Opens the gate once the layers are promised, and collects garbage: containerd keeps the snapshot until then.
    private async Task<string> FailPromisedAsync(PushedImage image, Gate gate)
    {
        var pull = TryPullAsync(image);
        await PromisedAsync(2);
        gate.Open();
        var result = await pull;
        Assert.That(result.ExitCode, Is.Not.Zero, $"{result}");
        await Node.Containerd.CollectGarbageAsync();
        return result.Error;
    }

    private IReadOnlyList<string?> Ranges() => [.. Node.Hostile.OursFor(_broken.Digest).Select(request => request.Range)];
}
