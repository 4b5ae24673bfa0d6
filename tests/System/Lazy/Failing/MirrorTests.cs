namespace Containerd.Snapshots.Tests.Lazy.Failing;

/// <summary>A mirror that sends wrong bytes, before a registry that sends the right ones.</summary>
internal sealed class MirrorTests : MirroredTest
{
    private readonly TestLayer _layer = TestLayer.OfSize("layer", 200_000);

    [Test]
    public async Task Mirror_is_used_before_the_registry()
    {
        var image = await PushAsync("test/app:1", _layer);

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Mirror.OursFor(_layer.Digest), Has.Count.EqualTo(1));
        Assert.That(Node.Hostile.Requests.Where(request => request.IsOurs), Is.Empty);
        Assert.That(await HostsAsync(), Is.EqualTo(new[] { Mirror.Address }));
    }

    [Test]
    public async Task Layer_with_a_wrong_digest_is_fetched_from_the_next_host()
    {
        var image = await PushAsync("test/app:1", _layer);
        Mirror.Break(_layer.Digest, Faults.WrongByteAt(150_000));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Node.Hostile.OursFor(_layer.Digest), Has.Count.EqualTo(1));
        Assert.That(Node.Snapshotter.Log, Does.Contain(_layer.Digest).And.Contain(Wrong(_layer.Blob, 150_000)));
        Assert.That(await HostsAsync(), Is.EqualTo(new[] { Node.Hostile.Address }), "not the one with the wrong bytes");
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer" }));
    }

    [Test]
    public async Task Layer_whose_rest_another_host_sends_is_of_both()
    {
        var image = await PushAsync("test/app:1", _layer);
        Mirror.Break(_layer.Digest, Faults.CutAt(150_000, Faults.Status(404)));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(await HostsAsync(), Is.EquivalentTo(new[] { Mirror.Address, Node.Hostile.Address }));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer" }));
    }

    [Test]
    public async Task Manifest_with_a_wrong_digest_is_fetched_from_the_next_host()
    {
        var image = await PushAsync("test/app:1", _layer);
        Mirror.Break(image.Manifest, Faults.WrongByteAt(50));

        await PullAsync(image);

        await AssertSuppliedAsync(image);
        Assert.That(Node.Hostile.OursFor(image.Manifest), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Manifest_with_a_wrong_digest_everywhere_leaves_the_image_to_containerd()
    {
        var image = await PushAsync("test/app:1", _layer);
        Mirror.Break(image.Manifest, Faults.WrongByteAt(50));
        Node.Hostile.Break(image.Manifest, Faults.WrongByteAt(50));

        await PullAsync(image);

        Assert.That(await Node.ContentAsync(), Is.SupersetOf(image.Layers.Select(layer => layer.Digest)));
        Assert.That((await Node.LayerAsync(_layer))?.GetProperty("reason").GetString(), Does.Contain(image.Manifest).And.Contain(Node.Hostile.Address));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "of base", "of layer" }));
    }

    /// <summary>The hosts that sent the layer, as the command layers says.</summary>
    private async Task<IEnumerable<string?>> HostsAsync() =>
        (await Node.LayerAsync(_layer))!.Value.GetProperty("hosts").EnumerateArray().Select(host => host.GetString());

    private static string Wrong(byte[] content, int position)
    {
        var wrong = content.ToArray();
        wrong[position] ^= 1;
        return TestLayer.DigestOf(wrong);
    }
}
