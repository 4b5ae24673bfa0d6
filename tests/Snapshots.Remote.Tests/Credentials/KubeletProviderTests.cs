using Containerd.Snapshots.Remote.Credentials;

namespace Containerd.Snapshots.Tests.Remote.Credentials;

/// <summary>The kubelet's credential providers.</summary>
internal sealed class KubeletProviderTests
{
    private const string Auth = """ "auth": { "*.test": { "username": "u", "password": "p" }, "other": { "username": "no", "password": "no" } } """;

    private DirectoryInfo _folder = null!;
    private Clock _clock = null!;
    private KubeletProviders _providers = null!;

    private string Configuration => Path.Combine(_folder.FullName, "config.yaml");

    private string Calls => Path.Combine(_folder.FullName, "calls");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("kubelet-");
        _clock = new();
        _providers = new(Configuration, _folder.FullName, new(TimeSpan.FromSeconds(30), TimeProvider.System), _clock);
        WriteConfiguration();
    }

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestCase("v1")]
    [TestCase("v1beta1")]
    [TestCase("v1alpha1")]
    public async Task A_provider_is_asked_as_the_kubelet_asks_it(string version)
    {
        WriteConfiguration(version: version);
        WriteProvider("Image", script: """printf '%s %s %s\n' "$1" "$REGION" "$(cat)" >> calls""");

        var found = await FindAsync("a.test", "team/x");

        Assert.That(found.Select(each => (each.User, each.Password)), Is.EqualTo(new[] { ("u", "p") }));
        Assert.That(File.ReadAllText(Calls), Is.EqualTo(
            $$"""get eu {"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/{{version}}","image":"a.test/team/x"}""" + "\n"));
    }

    [Test]
    public async Task Json_is_yaml_too()
    {
        File.WriteAllText(Configuration, """
            { "kind": "CredentialProviderConfig", "apiVersion": "kubelet.config.k8s.io/v1",
              "providers": [ { "name": "provider", "matchImages": [ "*.test" ], "apiVersion": "credentialprovider.kubelet.k8s.io/v1" } ] }
            """);
        WriteProvider("Image");

        Assert.That(await FindAsync("a.test", "x"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_image_that_fits_no_pattern_asks_nobody()
    {
        Assert.That(await FindAsync("a.elsewhere", "x"), Is.Empty);
    }

    [TestCase("Image", "a.test/x", 2)]
    [TestCase("Registry", "a.test/x", 1)]
    [TestCase("Registry", "b.test/x", 2)]
    [TestCase("Global", "b.test/x", 1)]
    public async Task An_answer_is_kept_for_what_it_says(string type, string second, int calls)
    {
        WriteProvider(type);

        await FindAsync("a.test", "first");
        await FindAsync(second.Split('/')[0], second.Split('/')[1]);

        Assert.That(File.ReadAllLines(Calls), Has.Length.EqualTo(calls));
    }

    [Test]
    public async Task It_is_kept_as_long_as_it_says_or_until_it_is_refused()
    {
        WriteProvider("Image", more: """ "cacheDuration": "10m", """);

        await FindAsync("a.test", "x");
        _clock.Now += TimeSpan.FromMinutes(9);
        await FindAsync("a.test", "x");
        Assert.That(File.ReadAllLines(Calls), Has.Length.EqualTo(1));

        _clock.Now += TimeSpan.FromMinutes(2);
        await FindAsync("a.test", "x");
        Assert.That(File.ReadAllLines(Calls), Has.Length.EqualTo(2));

        await FindAsync("a.test", "x", anew: true);
        Assert.That(File.ReadAllLines(Calls), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task An_answer_of_no_duration_is_not_kept()
    {
        WriteProvider("Image", more: """ "cacheDuration": "0s", """);

        await FindAsync("a.test", "x");
        await FindAsync("a.test", "x");

        Assert.That(File.ReadAllLines(Calls), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_provider_that_needs_a_pods_token_is_left_out()
    {
        WriteConfiguration(more: "    tokenAttributes:\n      serviceAccountTokenAudience: audience\n");

        Assert.That(await FindAsync("a.test", "x"), Is.Empty);
    }

    [TestCase("exit 3", "the credential provider provider failed with exit code 3")]
    [TestCase("echo secret; exit 0", "answers something else than a CredentialProviderResponse")]
    [TestCase("""echo '{ "kind": "CredentialProviderResponse", "cacheKeyType": "7" }'; exit 0""", "answers something else than a CredentialProviderResponse")]
    public async Task A_provider_that_fails_is_told(string script, string expected)
    {
        WriteProvider("Image", script: script);

        await Assert.ThatAsync(() => FindAsync("a.test", "x"), Throws.TypeOf<RegistryException>().With.Message.Contains(expected).And.Message.Not.Contains("secret"));
    }

    [TestCase("", "it is not a mapping")]
    [TestCase("kind: Pod", "it is not a CredentialProviderConfig")]
    [TestCase("a: &a b\nc: *a", "line 2: references are not supported")]
    [TestCase("a: [", "it is not valid YAML")]
    [TestCase("kind: CredentialProviderConfig\napiVersion: kubelet.config.k8s.io/v1\nproviders:\n- name: ../evil", "a provider's name is not the name of a file")]
    [TestCase("kind: CredentialProviderConfig\napiVersion: kubelet.config.k8s.io/v1\nproviders:\n- name: p", "the provider p has an unknown apiVersion")]
    [TestCase("kind: CredentialProviderConfig\napiVersion: kubelet.config.k8s.io/v1\nproviders:\n- { name: p, apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 1 day }", "that is not a duration")]
    public async Task A_wrong_configuration_is_told(string text, string expected)
    {
        File.WriteAllText(Configuration, text);

        await Assert.ThatAsync(() => FindAsync("a.test", "x"), Throws.TypeOf<RegistryException>().With.Message.StartsWith($"cannot read {Configuration}: ").And.Message.Contains(expected));
    }

    private void WriteConfiguration(string version = "v1", string more = "") => File.WriteAllText(Configuration, $"""
        kind: CredentialProviderConfig
        apiVersion: kubelet.config.k8s.io/{version}
        providers:
          - name: provider
            matchImages:
              - "*.test"
            defaultCacheDuration: "12h"
            apiVersion: credentialprovider.kubelet.k8s.io/{version}
            args:
              - get
            env:
              - name: REGION
                value: eu

        """ + more);

    private void WriteProvider(string type, string more = "", string script = "echo called >> calls") => Script.Write(Path.Combine(_folder.FullName, "provider"), $$"""
        cd {{_folder.FullName}}
        {{script}}
        echo '{ "kind": "CredentialProviderResponse", "apiVersion": "credentialprovider.kubelet.k8s.io/v1", "cacheKeyType": "{{type}}", {{more}} {{Auth}} }'
        """);

    private Task<IReadOnlyList<RegistryCredentials>> FindAsync(string host, string repository, bool anew = false) =>
        _providers.FindAsync(host, repository, anew, CancellationToken.None);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
