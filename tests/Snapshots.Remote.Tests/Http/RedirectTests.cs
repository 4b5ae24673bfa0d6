using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Http;

/// <summary>Registries keep blobs elsewhere, and say so by redirects.</summary>
internal sealed class RedirectTests : RegistryTest
{
    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task Another_host_gets_neither_authorization_nor_headers(int status)
    {
        var content = TestContent.Of(1000);
        var (registry, storage) = (await StartAsync(), await StartAsync(content));
        registry.Behave = (context, _) => Redirect(context, $"{storage.Url}{context.Request.Path}?signature=secret", status);
        WriteHosts($"""
            server = "{registry.Url}"
            [header]
              X-Secret = "header"
              Authorization = "Basic secret"
            """);

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(registry.Requests.Single()["X-Secret"], Is.EqualTo("header"));
        Assert.That(registry.Requests.Single()["Authorization"], Is.EqualTo("Basic secret"));
        Assert.That(storage.Requests.Single().Query, Is.EqualTo("?signature=secret"));
        Assert.That(storage.Requests.Single().Headers.Keys, Does.Not.Contain("X-Secret").And.Not.Contain("Authorization"));
    }

    [Test]
    public async Task They_are_not_shown_to_the_registry_either_when_another_host_leads_back()
    {
        var content = TestContent.Of(1000);
        var (registry, other) = (await StartAsync(content), await StartAsync());
        registry.Behave = (context, answer) => registry.Requests.Count == 1 ? Redirect(context, $"{other.Url}{context.Request.Path}") : answer();
        other.Behave = (context, _) => Redirect(context, $"{registry.Url}{context.Request.Path}");
        WriteHosts($"""
            server = "{registry.Url}"
            [header]
              X-Secret = "header"
            """);

        await ReadAsync(NewClient(), content.Layers[0]);

        Assert.That(registry.Requests.Select(request => request["X-Secret"]), Is.EqualTo(new[] { "header", null }));
    }

    [Test]
    public async Task A_redirect_within_the_host_keeps_them()
    {
        var content = TestContent.Of(1000);
        var registry = await StartAsync(content);
        registry.Behave = (context, answer) => registry.Requests.Count == 1 ? Redirect(context, $"{context.Request.Path}?moved") : answer();
        WriteHosts($"""
            server = "{registry.Url}"
            [header]
              X-Secret = "header"
            """);

        await ReadAsync(NewClient(), content.Layers[0]);

        Assert.That(registry.Requests.Select(request => request["X-Secret"]), Is.EqualTo(new[] { "header", "header" }));
    }

    [TestCase(5, true)]
    [TestCase(6, false)]
    public async Task Five_redirects_are_followed_and_no_more(int redirects, bool works)
    {
        var content = TestContent.Of(1000);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => registry.Requests.Count <= redirects ? Redirect(context, context.Request.Path) : answer();

        if (works)
            Assert.That(await ReadAsync(NewClient(), content.Layers[0]), Has.Length.EqualTo(1000));
        else
            await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Unavailable, "redirects blob");
    }

    [TestCase("")]
    [TestCase("ftp://a.test/")]
    [TestCase("file:///etc/shadow")]
    [TestCase("http://user:pw@a.test/")]
    [TestCase("http://[nonsense")]
    public async Task A_redirect_to_nowhere_is_told_without_its_address(string location)
    {
        var content = TestContent.Of(1000);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) => Redirect(context, location);

        var exception = await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Unavailable, "to nowhere");
        Assert.That(exception.Message, Does.Not.Contain("a.test"));
    }

    [Test]
    public async Task A_401_of_another_host_gets_no_credentials()
    {
        var content = TestContent.Of(1000);
        var (registry, storage) = (await StartAsync(), await StartAsync());
        registry.Behave = (context, _) => Redirect(context, $"{storage.Url}{context.Request.Path}");
        storage.Behave = (context, _) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
            return Task.CompletedTask;
        };
        UseHosts(registry);
        await File.WriteAllTextAsync(DockerConfig, $$"""{ "auths": { "{{registry.Address}}": { "username": "u", "password": "p" }, "{{storage.Address}}": { "username": "u", "password": "p" } } }""");

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Denied, $"{registry.Address} denies blob");
        Assert.That(storage.Requests, Has.Count.EqualTo(1));
    }

    private static Task Redirect(HttpContext context, string location, int status = 307)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }
}
