namespace Containerd.Snapshots.Tests.Lazy.Pulling;

/// <summary>A containerd that does not tell the snapshotter of images.</summary>
internal sealed class WithoutLabelsTests : LazyTest
{
    private const string Reason = "containerd did not send the label";

    protected override async Task<PrivateContainerd> StartContainerdAsync(Node node, string containerd2)
    {
        var config = (await node.ConfigAsync("2")).Split('\n').Where(line => !line.Contains("exports", StringComparison.Ordinal) && !line.Contains("enable_remote_snapshot_annotations", StringComparison.Ordinal));
        return await PrivateContainerd.StartWithAsync(node.Box, string.Join('\n', config), containerd2);
    }

    [Test]
    public async Task Containerd_unpacks_and_the_reason_is_told()
    {
        var image = await PushAsync();

        await PullAsync(image);

        Assert.That(await Node.ContentAsync(), Is.SupersetOf(image.Layers.Select(layer => layer.Digest)));
        Assert.That(await RunAsync(image), Is.EqualTo(new[] { "changed by three", "of two" }));
        Assert.That(Node.Hostile.Requests.Where(request => request.IsOurs), Is.Empty);
        Assert.That(Node.Snapshotter.Log, Does.Contain($"containerd unpacks layer {image.ChainIds[2]}").And.Contain(Reason));
        var layers = await Node.Snapshotter.RunAsync("layers", "--root", Node.Snapshotter.Root);
        Assert.That(layers.AssertSucceeded().Lines, Has.Some.Match($"^{image.ChainIds[2][..19]} +not supplied .*{Reason}"));
    }
}
