using Containerd.Snapshots.Tests.Containerd;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Http;

/// <summary>TLS as hosts.toml says it.</summary>
internal sealed class TlsTests : RegistryTest
{
    private TestCertificates _certificates = null!;

    [SetUp]
    public void MakeCertificates() => _certificates = new(Path.Combine(Folder, "certificates"));

    [TearDown]
    public void DisposeCertificates() => _certificates.Dispose();

    [Test]
    public async Task An_authority_of_the_operators_own_is_trusted()
    {
        await using var registry = await StartTlsAsync();
        WriteHosts($"""
            server = "https://{registry.Address}"
            ca = "{_certificates.PathOf("ca.pem")}"
            """);

        Assert.That((await NewClient().ResolveAsync(Image)).Manifest.Layers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_unknown_authority_is_not_trusted_and_not_asked_again()
    {
        await using var registry = await StartTlsAsync();
        WriteHosts($"server = \"https://{registry.Address}\"");

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Unavailable, $"{registry.Address} cannot be trusted");
        Assert.That(registry.Requests, Is.Empty);
    }

    [Test]
    public async Task Another_authority_is_not_trusted()
    {
        await using var registry = await StartTlsAsync();
        using var others = new TestCertificates(Path.Combine(Folder, "others"));
        WriteHosts($"""
            server = "https://{registry.Address}"
            ca = "{others.PathOf("ca.pem")}"
            """);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Unavailable, "cannot be trusted");
    }

    [Test]
    public async Task A_certificate_of_another_name_is_not_trusted()
    {
        await using var registry = await StartTlsAsync();
        var port = registry.Address.Split(':')[1];
        WriteHosts($"""
            server = "https://localhost:{port}"
            ca = "{_certificates.PathOf("ca.pem")}"
            """);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Unavailable, $"localhost:{port} cannot be trusted");
    }

    [Test]
    public async Task Checks_may_be_skipped()
    {
        await using var registry = await StartTlsAsync();
        WriteHosts($"""
            server = "https://{registry.Address}"
            skip_verify = true
            """);

        Assert.That((await NewClient().ResolveAsync(Image)).Manifest.Layers, Has.Count.EqualTo(1));
    }

    [TestCase("missing.pem", "missing.pem")]
    [TestCase("ca.pem", "client.key")]
    public async Task A_certificate_that_cannot_be_read_is_told_with_its_path(string authority, string certificate)
    {
        WriteHosts($"""
            server = "https://127.0.0.1:1"
            ca = "{_certificates.PathOf(authority)}"
            client = "{_certificates.PathOf(certificate)}"
            """);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Misconfigured, authority == "ca.pem" ? _certificates.PathOf(certificate) : _certificates.PathOf(authority));
    }

    [Test]
    public async Task A_loopback_registry_without_configuration_speaks_plain_http_or_any_tls()
    {
        await using var secured = await StartTlsAsync();
        var plain = await StartAsync(TestContent.Of(10));
        var client = NewClient();

        foreach (var registry in (TestRegistry[])[secured, plain])
            Assert.That((await client.ResolveAsync(Reference($"{registry.Address}/{Repository}:latest"))).Manifest.Layers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_redirect_from_tls_to_plain_http_is_not_followed()
    {
        await using var registry = await StartTlsAsync();
        var plain = await StartAsync(TestContent.Of(10));
        registry.Behave = (context, _) =>
        {
            context.Response.Redirect($"{plain.Url}{context.Request.Path}?secret");
            return Task.CompletedTask;
        };
        WriteHosts($"server = \"https://{registry.Address}\"\nskip_verify = true");

        var exception = await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Unavailable, $"to {plain.Address} without TLS, which is not followed");
        Assert.That(exception.Message, Does.Not.Contain("secret"));
        Assert.That(plain.Requests, Is.Empty);
    }

    [Test]
    public async Task A_token_server_without_tls_gets_nothing()
    {
        await using var registry = await StartTlsAsync();
        var plain = await StartAsync();
        registry.Behave = (context, _) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{plain.Url}/token\"";
            return Task.CompletedTask;
        };
        WriteHosts($"server = \"https://{registry.Address}\"\nskip_verify = true");
        await File.WriteAllTextAsync(DockerConfig, $$"""{ "auths": { "{{registry.Address}}": { "username": "u", "password": "p" } } }""");

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Denied, "from a server without TLS, which gets no credentials");
        Assert.That(plain.Requests, Is.Empty);
    }

    private async Task<TestRegistry> StartTlsAsync() => (await TestRegistry.StartAsync(_certificates.Server)).With(TestContent.Of(10));
}
