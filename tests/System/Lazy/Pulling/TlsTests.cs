namespace Containerd.Snapshots.Tests.Lazy.Pulling;

/// <summary>A registry with TLS, whose certificate is one of the operator's own authority, and with a user.</summary>
internal sealed class TlsTests : LazyTest
{
    private TestCertificates _certificates = null!;
    private LoopbackRegistry _registry = null!;

    [SetUp]
    public async Task StartRegistry()
    {
        _certificates = new(Path.Combine(Node.Box.Folder, "certificates"));
        _registry = await LoopbackRegistry.StartSecuredAsync(Node.Box.StartAsync, Node.Box.Folder, _certificates);
    }

    [TearDown]
    public async Task StopRegistry()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();

        _certificates?.Dispose();
        (_registry, _certificates) = (null!, null!);
    }

    [Test]
    public async Task Image_is_supplied_with_the_node_s_authority_and_credentials()
    {
        var image = await PushAsync();
        await NodeFiles.WriteAsync(Node.Hosts, Node.DockerConfig, _registry.Address, _certificates);

        (await TryPullSecuredAsync(image)).AssertSucceeded();

        await AssertSuppliedAsync(image);
        Assert.That((await Ctr("run", "--rm", image.At(_registry.Address), "one")).Lines, Is.EqualTo(new[] { "changed by three", "of two" }));
    }

    [Test]
    public async Task Wrong_authority_leaves_the_image_to_containerd_and_is_told()
    {
        var image = await PushAsync();
        using var others = new TestCertificates(Path.Combine(Node.Box.Folder, "others"));
        await NodeFiles.WriteAsync(Node.Hosts, Node.DockerConfig, _registry.Address, others);

        (await TryPullSecuredAsync(image)).AssertSucceeded();

        Assert.That(await Node.ContentAsync(), Is.SupersetOf(image.Layers.Select(layer => layer.Digest)));
        Assert.That(Node.Snapshotter.Log, Does.Contain($"{_registry.Address} cannot be trusted"));
    }

    // With a folder and a user of containerd's own.
    private async Task<CommandResult> TryPullSecuredAsync(PushedImage image)
    {
        var hosts = Path.Combine(Node.Box.Folder, "hosts-of-containerd");
        await NodeFiles.WriteHostsAsync(hosts, _registry.Address, _certificates);
        return await Node.Containerd.CtrAsync(
            "images", "pull", "--hosts-dir", hosts, "--user", $"{LoopbackRegistry.User}:{LoopbackRegistry.Password}", image.At(_registry.Address));
    }
}
