using System.Text.Json;

namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>Layers that cannot be had from the first byte on: containerd is told so in Prepare, and unpacks them.</summary>
internal sealed class FirstBytesTests : LazyTest
{
    private readonly TestLayer _broken = TestLayer.OfSize("broken", 200_000), _above = TestLayer.OfSize("top", 1000);

    [TestCase(401, "denies", ": the node has no credentials for it")]
    [TestCase(403, "denies", " (403)")]
    [TestCase(404, "does not have", "")]
    public async Task Layer_that_is_refused_and_those_above_it_are_unpacked_by_containerd(int status, string reason, string more)
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        Node.Hostile.Break(_broken.Digest, Faults.Status(status));

        await PullAsync(image);

        await AssertUnpackedAsync(image, $"{Node.Hostile.Address} {reason} blob {_broken.Digest} of test/app{more}");
    }

    [Test]
    public async Task Truncated_layer_is_unpacked_by_containerd()
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        Node.Hostile.Break(_broken.Digest, Faults.Truncated(bytes: 100));

        await PullAsync(image);

        await AssertUnpackedAsync(image, $"sends {_broken.Blob.Length - 100} bytes instead of {_broken.Blob.Length}");
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Registry_that_is_busy_is_asked_again_when_it_says(int status)
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        Node.Hostile.Break(_broken.Digest, Faults.Status(status, times: 1, retryAfter: TimeSpan.FromSeconds(1)));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Node.Hostile.OursFor(_broken.Digest), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Endless_layer_is_read_up_to_its_end()
    {
        var image = await PushAsync("test/app:1", _broken, _above);
        Node.Hostile.Break(_broken.Digest, Faults.Endless);

        await PullAsync(image);

        await AssertSuppliedAsync(image);
    }

    // At once, since each takes the 10 s that a Prepare may take.
    [Test]
    public async Task Slow_and_failing_registries_are_left_to_containerd_in_time()
    {
        // With bases of their own: containerd prepares the same one for one pull after the other.
        var slow = await PushAsync("test/slow:1", _broken, _above);
        var failing = await PushedImage.PushAsync(Node.Registry.Address, "test/failing:1", TestLayer.OfSize("failing", 5000), TestLayer.Busybox);
        var silent = await PushedImage.PushAsync(Node.Registry.Address, "test/silent:1", TestLayer.OfSize("silent", 5000), TestLayer.Busybox);
        Node.Hostile.Break(_broken.Digest, Faults.Silence(new()));
        Node.Hostile.Break(failing.Layers[0].Digest, Faults.Status(500));
        Node.Hostile.Break(silent.Manifest, Faults.Silence(new()));

        await Task.WhenAll(PullAsync(slow), PullAsync(failing), PullAsync(silent));

        await AssertUnpackedAsync(slow, "the registry did not begin to send the layer in time");
        Assert.That(await ReasonAsync(failing.Layers[0]), Is.EqualTo("the registry did not begin to send the layer in time"));
        Assert.That(await ReasonAsync(silent.Layers[0]), Does.Contain("the registry did not answer within 10 s"));
        Assert.That(await Node.ContentAsync(), Does.Contain(silent.Layers[0].Digest));
        Assert.That(await RunAsync(failing), Is.EqualTo(new[] { "of base", "of failing" }));
        Assert.That(await RunAsync(silent), Is.EqualTo(new[] { "of base", "of silent" }));
    }

    /// <summary>Asserts that the layers from the broken one on are containerd's, with a reason, and the one below is ours.</summary>
    private async Task AssertUnpackedAsync(PushedImage image, string reason)
    {
        Assert.That((await Node.ContentAsync()).Intersect(image.Layers.Select(layer => layer.Digest)), Is.SupersetOf(new[] { _broken.Digest, _above.Digest }));
        Assert.That((await Node.LayerAsync(TestLayer.Busybox))?.GetProperty("state").GetString(), Is.EqualTo("Complete"));
        Assert.That(await ReasonAsync(_broken), Does.Contain(reason));
        Assert.That(Node.Snapshotter.Log, Does.Contain($"containerd unpacks layer {_broken.Digest} of \"{Reference(image)}\": "));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of broken", "of top" }));
        Assert.That(await PartsAsync(), Is.Empty);
    }

    private async Task<string?> ReasonAsync(TestLayer layer) =>
        (await Node.LayerAsync(layer)) is { ValueKind: JsonValueKind.Object } record && record.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
}
