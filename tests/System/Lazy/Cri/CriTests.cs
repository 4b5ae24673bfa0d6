using Grpc.Core;

namespace Containerd.Snapshots.Tests.Lazy.Cri;

/// <summary>Images that are pulled as the kubelet does it, with both versions of containerd.</summary>
[TestFixture("1.6", false)]
[TestFixture("2", false)]
[TestFixture("2", true)]
internal sealed class CriTests(string version, bool withTransferService) : LazyTest
{
    private const string Namespace = "k8s.io", Annotations = "disable_snapshot_annotations = false";

    private PushedImage _pause = null!;
    private CriClient _cri = null!;

    protected override async Task<PrivateContainerd> StartContainerdAsync(Node node, string containerd2)
    {
        _pause = await PushedImage.PushAsync(node.Registry.Address, "test/pause:1", [TestLayer.Busybox], [TestLayer.Busybox.DiffId], "sleep 600");
        var (folder, configuration) = version == "2" ? (containerd2, ConfigurationOf2(node)) : ("", ConfigurationOf1(node));

        // The only place for the snapshotter's name is the table that "config" prints for CRI.
        var kept = withTransferService ? "" : $"{Annotations}\n  ";
        var printed = (await node.ConfigAsync(version)).Replace(Annotations, $"{kept}snapshotter = \"{PrivateContainerd.Snapshotter}\"", StringComparison.Ordinal);
        var containerd = await PrivateContainerd.StartWithAsync(node.Box, $"{printed}\n{configuration}", folder, withCri: true);
        _cri = new(containerd.Socket, node.Box.Name);
        return containerd;
    }

    [TearDown]
    public void CloseClient() => _cri?.Dispose();

    [Test]
    public async Task Image_runs_in_a_pod_on_layers_that_containerd_does_not_have_and_is_removed_without_a_trace()
    {
        var image = await PushAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _cri.PullAsync(Reference(image))));

        Assert.That(await _cri.HasAsync(Reference(image)), Is.True);
        Assert.That(await _cri.RunAsync(Reference(image), "cat /files/*; echo written > /new; cat /new"), Is.EqualTo(new[] { "changed by three", "of two", "written" }));
        Assert.That((await Node.ContentAsync(Namespace)).Intersect(image.Layers.Select(layer => layer.Digest)), Is.Empty);
        Assert.That((await Node.Registry.FetchedAsync()).Where(digest => image.Layers.Any(layer => layer.Digest == digest)), Is.EquivalentTo(image.Layers.Select(layer => layer.Digest)), "each layer once");
        await _cri.RemoveAsync(Reference(image));
        await _cri.RemoveAsync(Reference(_pause));
        await Node.Containerd.CollectGarbageAsync();
        await AssertNothingLeftAsync();
    }

    [Test]
    public async Task Broken_promise_ends_the_pull_with_its_reason_and_the_next_one_is_unpacked_by_containerd()
    {
        var broken = TestLayer.OfSize("broken", 400_000);
        var image = await PushAsync("test/app:1", broken);
        var gate = new Gate();
        Node.Hostile.Break(broken.Digest, Faults.CutAt(200_000, Faults.Status(403), gate));
        var pull = _cri.PullAsync(Reference(image));
        await PromisedAsync(2);
        gate.Open();

        await Rpc.FailsAsync(
            StatusCode.FailedPrecondition, () => pull, $"layer {broken.Digest} cannot be supplied", $"{Node.Hostile.Address} denies blob {broken.Digest}");

        Node.Hostile.Heal();
        await Node.Containerd.CollectGarbageAsync();
        await _cri.PullAsync(Reference(image));
        Assert.That(await Node.ContentAsync(Namespace), Does.Contain(broken.Digest).And.Not.Contain(TestLayer.Busybox.Digest));
        Assert.That(await _cri.RunAsync(Reference(image), "cat /files/*"), Is.EqualTo(new[] { "of base", "of broken" }));
    }

    private string ConfigurationOf1(Node node) => $"""
        [plugins."io.containerd.grpc.v1.cri"]
          restrict_oom_score_adj = true
          sandbox_image = "{_pause.At(node.Hostile.Address)}"
        """;

    private string ConfigurationOf2(Node node) => $"""
        [plugins."io.containerd.cri.v1.runtime"]
          restrict_oom_score_adj = true
        [plugins."io.containerd.cri.v1.images".pinned_images]
          sandbox = "{_pause.At(node.Hostile.Address)}"
        """;
}
