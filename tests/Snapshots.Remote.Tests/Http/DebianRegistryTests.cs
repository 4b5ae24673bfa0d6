using System.Security.Cryptography.X509Certificates;
using Containerd.Snapshots.Tests.Containerd;

namespace Containerd.Snapshots.Tests.Remote.Http;

/// <summary>A real registry with TLS, clients' certificates and a user, behind real mirrors that lack something.</summary>
[Category("Root")]
internal sealed class DebianRegistryTests : RegistryTest
{
    private const int Large = 20_000_000, Small = 100_000;

    private Box _box = null!;
    private TestCertificates _certificates = null!;
    private DebianRegistry _empty = null!, _partial = null!, _upstream = null!;
    private TestContent _content = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Processes.Tools.Require("docker-registry");
        _box = await Box.OpenAsync();
        _certificates = new(Path.Combine(_box.Folder, "certificates"));
        (_empty, _partial, _upstream) = (
            await DebianRegistry.StartAsync(_box, "empty"),
            await DebianRegistry.StartAsync(_box, "partial"),
            await DebianRegistry.StartAsync(_box, "upstream", _certificates));
        _content = TestContent.Of(Small, Large);
        using (var plain = new HttpClient { BaseAddress = new($"http://{_partial.Address}") })
            await _partial.PushAsync(plain, Repository, _content, "latest");
        using (var secured = SecuredClient())
            await _upstream.PushAsync(secured, Repository, _content, "latest");

        // The second mirror has lost its large layer.
        File.Delete(Directory.GetFiles(Path.Combine(_box.Folder, "partial"), "data", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!);
        WriteHosts($"""
            server = "https://{_upstream.Address}"
            ca = "{_certificates.PathOf("ca.pem")}"
            client = [["{_certificates.PathOf("client.pem")}", "{_certificates.PathOf("client.key")}"]]

            [host."http://{_empty.Address}"]
              capabilities = ["pull", "resolve"]

            [host."http://{_partial.Address}"]
              capabilities = ["pull"]
            """);
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var registry in (DebianRegistry?[])[_empty, _partial, _upstream])
        {
            if (registry is not null)
                await registry.DisposeAsync();
        }

        _certificates?.Dispose();
        if (_box is not null)
            await _box.DisposeAsync();
    }

    [Test]
    public async Task An_image_is_fetched_from_where_its_parts_are()
    {
        WriteUser(DebianRegistry.Password);
        var client = NewClient();

        var resolved = await client.ResolveAsync(Image);
        var layers = await Task.WhenAll(resolved.Manifest.Layers.Select(layer => ReadAsync(client, layer)));

        Assert.That(resolved.Target, Is.EqualTo(_content.Manifest));
        Assert.That(layers.Select(layer => TestContent.Digest(layer)), Is.EqualTo(_content.Layers.Select(layer => layer.Digest)));
        Assert.That(_upstream.Log, Does.Not.Contain($"GET /v2/{Repository}/blobs/{_content.Layers[0].Digest}"), "The mirror has the small layer.");
        Assert.That(client.BuffersInUse, Is.Zero);
    }

    [Test]
    public async Task A_wrong_password_is_told()
    {
        WriteUser("wrong");

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Denied, $"{_upstream.Address} denies manifest latest of {Repository}: it does not accept the node's credentials");
    }

    [Test]
    public async Task A_check_tells_of_all_three()
    {
        WriteUser(DebianRegistry.Password);

        var findings = await NewClient().CheckAsync(Registry);

        Assert.That(findings.Select(finding => finding.Message), Is.EqualTo(new[]
        {
            $"{_empty.Address} answers, and asks for no credentials",
            $"{_partial.Address} answers, and asks for no credentials",
            $"{_upstream.Address} answers, and accepts the node's credentials",
        }));
    }

    private void WriteUser(string password) => File.WriteAllText(DockerConfig, $$"""
        { "auths": { "https://{{_upstream.Address}}": { "username": "{{DebianRegistry.User}}", "password": "{{password}}" } } }
        """);

    private HttpClient SecuredClient()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(_certificates.PathOf("client.pem"), _certificates.PathOf("client.key"))];
        return new HttpClient(handler) { BaseAddress = new($"https://{_upstream.Address}"), DefaultRequestHeaders = { Authorization = DebianRegistry.Authorization } };
    }
}
