namespace Containerd.Snapshots.Tests.Remote.Images;

internal sealed class RemoteLayerTests
{
    private static readonly string Chain = Digest('a'), Manifest = Digest('b'), Layer = Digest('c'), Diff = Digest('d'), Parent = Digest('e');

    [Test]
    public void The_labels_of_a_pull_are_read()
    {
        Assert.That(RemoteLayer.TryRead(Labels(), out var layer, out var reason), reason);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(layer!.Image.ToString(), Is.EqualTo("docker.io/library/debian:12"));
            Assert.That(layer.ChainId.ToString(), Is.EqualTo(Chain));
            Assert.That(layer.Manifest.ToString(), Is.EqualTo(Manifest));
            Assert.That(layer.Layer.ToString(), Is.EqualTo(Layer));
            Assert.That(layer.DiffId, Is.Null);
            Assert.That(layer.ParentChainId, Is.Null);
        }
    }

    [Test]
    public void What_newer_containerd_tells_is_read_as_well()
    {
        Assert.That(RemoteLayer.TryRead(Labels((SnapshotLabels.DiffId, Diff), (SnapshotLabels.ParentChainId, Parent)), out var layer, out _));

        Assert.That(layer!.DiffId!.ToString(), Is.EqualTo(Diff));
        Assert.That(layer.ParentChainId!.ToString(), Is.EqualTo(Parent));
    }

    [Test]
    public void A_containers_snapshot_is_no_layer_and_needs_no_reason()
    {
        Assert.That(RemoteLayer.TryRead(new Dictionary<string, string> { ["other"] = "label" }, out var layer, out var reason), Is.False);

        Assert.That(layer, Is.Null);
        Assert.That(reason, Is.Null);
    }

    [TestCase(SnapshotLabels.SnapshotRef, "../../etc", "the label containerd.io/snapshot.ref is not a digest")]
    [TestCase(SnapshotLabels.ImageRef, "", "containerd did not send the label containerd.io/snapshot/cri.image-ref")]
    [TestCase(SnapshotLabels.ImageRef, "debian", "is not a full image reference")]
    [TestCase(SnapshotLabels.ManifestDigest, "", "containerd did not send the label containerd.io/snapshot/cri.manifest-digest")]
    [TestCase(SnapshotLabels.ManifestDigest, "sha256:1", "the label containerd.io/snapshot/cri.manifest-digest is not a digest")]
    [TestCase(SnapshotLabels.LayerDigest, "sha256:1", "the label containerd.io/snapshot/cri.layer-digest is not a digest")]
    [TestCase(SnapshotLabels.DiffId, "sha256:1", "the label containerd.io/snapshot/diff-id is not a digest")]
    [TestCase(SnapshotLabels.ParentChainId, "sha256:1", "the label containerd.io/snapshot/parent-chain-id is not a digest")]
    public void A_wrong_label_is_told_as_the_reason_why_containerd_has_to_unpack(string label, string value, string expected)
    {
        Assert.That(RemoteLayer.TryRead(Labels((label, value)), out var layer, out var reason), Is.False);

        Assert.That(layer, Is.Null);
        Assert.That(reason, Does.Contain(expected));
    }

    private static string Digest(char digit) => $"sha256:{new string(digit, 64)}";

    private static Dictionary<string, string> Labels(params (string Label, string Value)[] changes)
    {
        var labels = new Dictionary<string, string>
        {
            [SnapshotLabels.SnapshotRef] = Chain,
            [SnapshotLabels.ImageRef] = "docker.io/library/debian:12",
            [SnapshotLabels.ManifestDigest] = Manifest,
            [SnapshotLabels.LayerDigest] = Layer,
        };
        foreach (var (label, value) in changes)
            labels[label] = value;
        return labels;
    }
}
