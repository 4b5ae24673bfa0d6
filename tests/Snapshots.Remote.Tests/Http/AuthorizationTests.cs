using System.Text;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Http;

/// <summary>Credentials are shown when a registry asks for them, and only to the registry that they are for.</summary>
internal sealed class AuthorizationTests : RegistryTest
{
    private const string Secret = "pass-word";

    private static readonly string Basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Secret}"))}";

    private int _tokens;

    [SetUp]
    public void ForgetTokens() => _tokens = 0;

    [TearDown]
    public void Nothing_secret_is_in_the_log() =>
        Assert.That(Log.Text, Does.Not.Contain(Secret).And.Not.Contain("token-").And.Not.Contain("?"));

    [Test]
    public async Task Nothing_is_shown_to_a_registry_that_does_not_ask()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        WriteCredentials(registry);

        await NewClient().ResolveAsync(Image);

        Assert.That(registry.Requests.Single()["Authorization"], Is.Null);
    }

    [Test]
    public async Task A_user_is_shown_once_it_was_asked_for_and_from_then_on()
    {
        var content = TestContent.Of(10, 11);
        var registry = await StartOnlyAsync(content);
        registry.Behave = RequireBasic;
        WriteCredentials(registry);
        var client = NewClient();

        await client.ResolveAsync(Image);
        await ReadAsync(client, content.Layers[0]);

        Assert.That(registry.Requests.Select(request => request["Authorization"]), Is.EqualTo(new[] { null, Basic, Basic }));
    }

    [Test]
    public async Task A_token_is_got_with_the_user_and_used_until_it_is_refused()
    {
        var content = TestContent.Of(10, 11, 12);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => RequireToken(registry, context, answer, anonymous: false);
        WriteCredentials(registry);
        var client = NewClient();

        await client.ResolveAsync(Image);
        await ReadAsync(client, content.Layers[0]);
        _tokens++;    // The token is refused from now on.
        await ReadAsync(client, content.Layers[1]);

        var (tokens, others) = (registry.Requests.Where(request => request.Path == "/token").ToList(), registry.Requests.Where(request => request.Path != "/token"));
        Assert.That(tokens.Select(request => request["Authorization"]), Is.EqualTo(new[] { Basic, Basic }));
        Assert.That(tokens[0].Query, Is.EqualTo($"?given=1&service=service%20%26%20more&scope={Uri.EscapeDataString($"repository:{Repository}:pull")}"));
        Assert.That(others.Select(request => request["Authorization"]), Is.EqualTo(new[] { null, "Bearer token-1", "Bearer token-1", "Bearer token-1", "Bearer token-3" }));
    }

    [Test]
    public async Task Without_credentials_a_token_is_asked_for_anonymously()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = (context, answer) => RequireToken(registry, context, answer, anonymous: true);

        await NewClient().ResolveAsync(Image);

        Assert.That(registry.Requests.Single(request => request.Path == "/token")["Authorization"], Is.Null);
    }

    [Test]
    public async Task Credentials_that_a_token_server_refuses_do_not_hide_a_public_image()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = (context, answer) => RequireToken(registry, context, answer, anonymous: true);
        WriteCredentials(registry, "wrong");

        await NewClient().ResolveAsync(Image);

        Assert.That(registry.Requests.Count(request => request.Path == "/token"), Is.EqualTo(2));
    }

    [Test]
    public async Task Many_requests_whose_token_is_refused_get_one_new_token()
    {
        var content = TestContent.Of([.. Enumerable.Range(100, 20)]);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => RequireToken(registry, context, answer, anonymous: true);
        var client = NewClient();

        await Task.WhenAll(content.Layers.Select(layer => ReadAsync(client, layer)));

        Assert.That(registry.Requests.Count(request => request.Path == "/token"), Is.EqualTo(1));
    }

    [Test]
    public async Task Changed_credentials_are_used_at_the_next_401()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = RequireBasic;
        WriteCredentials(registry, "wrong");
        var client = NewClient();
        await FailsAsync(() => client.ResolveAsync(Image), RegistryError.Denied, $"{registry.Address} denies manifest latest of {Repository}: it does not accept the node's credentials");

        WriteCredentials(registry);

        Assert.That((await client.ResolveAsync(Image)).Manifest.Layers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Missing_credentials_are_told()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = RequireBasic;

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Denied, "the node has no credentials for it");
    }

    [Test]
    public async Task A_file_with_a_mistake_is_told_with_the_denial()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = RequireBasic;
        await File.WriteAllTextAsync(DockerConfig, "nonsense");

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Denied, $"cannot read {DockerConfig}");
    }

    [Test]
    public async Task A_mirror_never_gets_the_registrys_credentials_nor_the_other_way_round()
    {
        var (mirror, upstream) = (await StartAsync(), await StartAsync(TestContent.Of(10)));
        mirror.Behave = upstream.Behave = RequireBasic;
        UseHosts(mirror, upstream);
        WriteCredentials(upstream);

        await NewClient().ResolveAsync(Image);

        Assert.That(mirror.Requests.Select(request => request["Authorization"]), Is.All.Null);
        Assert.That(upstream.Requests.Select(request => request["Authorization"]), Is.EqualTo(new[] { null, Basic }));
    }

    [Test]
    public async Task An_identity_token_is_exchanged_by_a_post()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        var form = "";
        registry.Behave = async (context, answer) =>
        {
            if (context.Request.Method == "POST")
                form = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await RequireToken(registry, context, answer, anonymous: true);
        };
        await File.WriteAllTextAsync(DockerConfig, $$"""{ "auths": { "{{registry.Address}}": { "identitytoken": "identity" } } }""");

        await NewClient().ResolveAsync(Image);

        Assert.That(form, Does.Contain("grant_type=refresh_token").And.Contain("refresh_token=identity").And.Contain("service=service"));
    }

    [TestCase("")]
    [TestCase("Bearer realm=\"nowhere\"")]
    [TestCase("Bearer realm=\"ftp://a.test/\"")]
    [TestCase("Bearer realm=\"http://user:pw@a.test/\"")]
    [TestCase("Digest realm=\"x\"")]
    public async Task A_challenge_that_cannot_be_answered_is_a_denial(string challenge)
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = (context, _) => Refuse(context, challenge);
        WriteCredentials(registry);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Denied, registry.Address);
    }

    [TestCase(500, "", RegistryError.Unavailable, "answers 500")]
    [TestCase(302, "", RegistryError.Unavailable, "answers 302")]
    [TestCase(200, "no json", RegistryError.Unavailable, "answers something else than a token")]
    [TestCase(403, "", RegistryError.Denied, "does not accept the node's credentials")]
    public async Task A_token_server_that_fails_is_told(int status, string answer, RegistryError error, string expected)
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        Options = Options with { TimeWithoutProgress = TimeSpan.FromMilliseconds(200) };
        WriteCredentials(registry);
        registry.Behave = (context, _) =>
        {
            if (context.Request.Path != "/token")
                return Refuse(context, $"Bearer realm=\"{registry.Url}/token\"");

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync(answer);
        };

        await FailsAsync(() => NewClient().ResolveAsync(Image), error, expected);
        Assert.That(registry.Requests.Select(request => request.Path), Does.Not.Contain("/elsewhere"));
    }

    [Test]
    public async Task A_registry_that_refuses_every_token_is_given_up()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));
        registry.Behave = (context, answer) => context.Request.Path == "/token"
            ? RequireToken(registry, context, answer, anonymous: true)
            : Refuse(context, $"Bearer realm=\"{registry.Url}/token\"");

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Denied, "the node has no credentials");
        Assert.That(registry.Requests, Has.Count.LessThan(10));
    }

    [Test]
    public async Task A_check_tells_of_each_host()
    {
        var (open, secured, down) = (await StartAsync(), await StartAsync(), await StartAsync());
        secured.Behave = RequireBasic;
        UseHosts(open, secured, down);
        await down.DisposeAsync();
        WriteCredentials(secured);

        var findings = await NewClient().CheckAsync(Registry);

        Assert.That(findings.Select(finding => (finding.Level, finding.Message)), Is.EqualTo(new[]
        {
            (SnapshotterCheckLevel.Ok, $"{open.Address} answers, and asks for no credentials"),
            (SnapshotterCheckLevel.Ok, $"{secured.Address} answers, and accepts the node's credentials"),
            (SnapshotterCheckLevel.Warning, $"{down.Address} cannot be reached: connection refused"),
        }));
    }

    [Test]
    public async Task A_check_tells_of_a_wrong_file()
    {
        WriteHosts("nonsense");

        Assert.That((await NewClient().CheckAsync(Registry)).Single().ToString(), Does.Contain("hosts.toml: line 1").And.Contain("correct the file"));
    }

    private void WriteCredentials(TestRegistry registry, string password = Secret) => File.WriteAllText(DockerConfig, $$"""
        { "auths": { "{{registry.Address}}": { "auth": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{password}"))}}" } } }
        """);

    private static Task Refuse(HttpContext context, string challenge)
    {
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = challenge;
        return Task.CompletedTask;
    }

    private static Task RequireBasic(HttpContext context, Func<Task> answer) =>
        context.Request.Headers.Authorization == Basic ? answer() : Refuse(context, "Basic realm=\"test\"");

    // Each token has a number; only the newest one is accepted.
    private Task RequireToken(TestRegistry registry, HttpContext context, Func<Task> answer, bool anonymous)
    {
        if (context.Request.Path == "/token")
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            if (authorization != Basic && !(anonymous && authorization.Length == 0))
                return Refuse(context, "");

            return context.Response.WriteAsync($$"""{ "token": "token-{{Interlocked.Increment(ref _tokens)}}", "expires_in": 300 }""");
        }

        return context.Request.Headers.Authorization == $"Bearer token-{_tokens}"
            ? answer()
            : Refuse(context, $"Bearer realm=\"{registry.Url}/token?given=1\",service=\"service & more\",scope=\"repository:{Repository}:pull\"");
    }
}
