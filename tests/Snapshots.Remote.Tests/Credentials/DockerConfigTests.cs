using System.Text;
using Containerd.Snapshots.Remote.Credentials;

namespace Containerd.Snapshots.Tests.Remote.Credentials;

/// <summary>docker's config.json.</summary>
internal sealed class DockerConfigTests
{
    private DirectoryInfo _folder = null!;

    private string File => Path.Combine(_folder.FullName, "config.json");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("docker-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestCase("a.test", "a.test", "x", true)]
    [TestCase("https://a.test/v2/", "a.test", "x", true)]
    [TestCase("a.test/team", "a.test", "team/x", true)]
    [TestCase("a.test/team", "a.test", "other/x", false)]
    [TestCase("*.test", "a.test", "x", true)]
    [TestCase("*.test", "b.a.test", "x", false)]
    [TestCase("a.test", "a.test:5000", "x", false)]
    [TestCase("a.test:5000", "a.test:5000", "x", true)]
    [TestCase("https://index.docker.io/v1/", "registry-1.docker.io", "library/x", true)]
    [TestCase("docker.io", "registry-1.docker.io", "library/x", true)]
    [TestCase("docker.io", "a.test", "x", false)]
    [TestCase("a.test", "evil-a.test", "x", false)]
    public async Task Names_fit_hosts_as_docker_and_the_kubelet_have_it(string name, string host, string repository, bool fits)
    {
        Write($$"""{ "auths": { "{{name}}": { "auth": "{{Base64("user:pass:word")}}" } } }""");

        var found = await FindAsync(host, repository);

        Assert.That(found.Select(each => (each.User, each.Password)), Is.EqualTo(fits ? new[] { ("user", "pass:word") } : []));
    }

    [Test]
    public async Task The_most_exact_name_comes_first()
    {
        Write("""{ "auths": { "a.test": { "username": "host" }, "a.test/team": { "username": "team" } } }""");

        Assert.That((await FindAsync("a.test", "team/x")).Select(each => each.User), Is.EqualTo(new[] { "team", "host" }));
    }

    [Test]
    public async Task Tokens_are_taken_as_well()
    {
        Write("""{ "auths": { "a.test": { "auth": "", "identitytoken": "i" }, "b.test": { "registrytoken": "r" } } }""");

        Assert.That((await FindAsync("a.test", "x")).Single().IdentityToken, Is.EqualTo("i"));
        Assert.That((await FindAsync("b.test", "x")).Single().RegistryToken, Is.EqualTo("r"));
    }

    [Test]
    public async Task A_file_that_does_not_exist_has_nothing() => Assert.That(await FindAsync("a.test", "x"), Is.Empty);

    [TestCase("{", "line 1 is not as docker writes it")]
    [TestCase("{\n\"auths\": \"secret\" }", "line 2 is not as docker writes it")]
    [TestCase("""{ "auths": { "a.test": { "auth": "secret" } } }""", "has an \"auth\" that is not USER:PASSWORD in Base64")]
    [TestCase("""{ "credsStore": "../secret" }""", "names a credential helper with characters that no helper has")]
    public async Task A_mistake_is_told_without_what_is_secret(string text, string expected)
    {
        Write(text);

        await Assert.ThatAsync(
            () => FindAsync("a.test", "x"),
            Throws.TypeOf<RegistryException>().With.Message.Contains(expected).And.Message.Contains(File).And.Message.Not.Contains("secret"));
    }

    [Test]
    public async Task A_helper_is_asked_for_its_host()
    {
        var helper = Helper("""read server; printf '{ "ServerURL": "%s", "Username": "%s", "Secret": "s" }' "$server" "$1-$server" """);
        Write($$"""{ "credHelpers": { "a.test": "{{helper}}" }, "credsStore": "no-such-helper" }""");

        Assert.That((await FindAsync("a.test", "x")).Single().User, Is.EqualTo("get-a.test"));
    }

    [Test]
    public async Task A_store_is_asked_for_all_hosts_and_for_docker_hub_by_its_old_name()
    {
        var helper = Helper("""read server; printf '{ "Username": "<token>", "Secret": "%s" }' "$server" """);
        Write($$"""{ "credsStore": "{{helper}}" }""");

        Assert.That((await FindAsync("registry-1.docker.io", "x")).Single().IdentityToken, Is.EqualTo("https://index.docker.io/v1/"));
    }

    [Test]
    public async Task A_helper_that_has_nothing_fails_and_the_rest_counts()
    {
        var helper = Helper("echo credentials not found in native keychain; exit 1");
        Write($$"""{ "credsStore": "{{helper}}", "auths": { "a.test": { "username": "u" } } }""");

        Assert.That((await FindAsync("a.test", "x")).Single().User, Is.EqualTo("u"));
    }

    [TestCase("sleep 600", "did not answer within")]
    [TestCase("exec cat /dev/zero", "answers more than 1 MiB")]
    [TestCase("echo secret", "answers something else than credentials")]
    public async Task A_helper_that_misbehaves_is_told_and_ended(string script, string expected)
    {
        Write($$"""{ "credsStore": "{{Helper(script)}}" }""");

        await Assert.ThatAsync(
            () => FindAsync("a.test", "x", script.StartsWith("sleep", StringComparison.Ordinal) ? 0.2 : 30),
            Throws.TypeOf<RegistryException>().With.Message.Contains(expected).And.Message.Not.Contains("secret"));
    }

    [Test]
    public async Task A_helper_that_is_not_installed_is_told()
    {
        Write("""{ "credsStore": "no-such-helper" }""");

        await Assert.ThatAsync(() => FindAsync("a.test", "x"), Throws.TypeOf<RegistryException>().With.Message.Contains("cannot start docker-credential-no-such-helper"));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    // The name of a helper has no folder: it is found through PATH, which tests must not change for each other.
    private string Helper(string script)
    {
        var name = $"test-{Guid.NewGuid():N}";
        Script.Write(Path.Combine(_folder.FullName, $"docker-credential-{name}"), script);
        var path = Environment.GetEnvironmentVariable("PATH")!;
        if (!path.Split(':').Contains(_folder.FullName))
            Environment.SetEnvironmentVariable("PATH", $"{path}:{_folder.FullName}");
        return name;
    }

    private Task<IReadOnlyList<RegistryCredentials>> FindAsync(string host, string repository, double seconds = 30) =>
        new DockerConfig(File, new(TimeSpan.FromSeconds(seconds), TimeProvider.System)).FindAsync(host, repository, anew: false, CancellationToken.None);
}
