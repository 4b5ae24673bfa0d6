using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Tests.Remote.Hosts;

/// <summary>The folders of certs.d.</summary>
internal sealed class HostsDirectoryTests
{
    private DirectoryInfo _folder = null!;
    private HostsDirectory _hosts = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("certs.d-");
        _hosts = new(_folder.FullName);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public void A_port_may_be_written_in_two_ways_and_there_is_a_default()
    {
        Write("_default", "default.test");
        Assert.That(First("a.test:5000"), Is.EqualTo("default.test"));

        Write("a.test:5000", "colon.test");
        Assert.That(First("a.test:5000"), Is.EqualTo("colon.test"));

        Write("a.test_5000_", "underscores.test");
        Assert.That(First("a.test:5000"), Is.EqualTo("underscores.test"));
        Assert.That(First("b.test"), Is.EqualTo("default.test"));
    }

    [Test]
    public void A_changed_file_is_read_again_and_an_unchanged_one_is_not()
    {
        Write("a.test", "one.test");
        var before = _hosts.Of("a.test");
        Assert.That(_hosts.Of("a.test"), Is.SameAs(before));

        Write("a.test", "another.test");
        Assert.That(First("a.test"), Is.EqualTo("another.test"));

        Directory.Delete(Path.Combine(_folder.FullName, "a.test"), recursive: true);
        Assert.That(First("a.test"), Is.EqualTo("a.test"));
    }

    [Test]
    public void A_changed_certificate_makes_the_hosts_anew()
    {
        Write("a.test", "one.test", "ca = \"ca.pem\"");
        File.WriteAllText(Path.Combine(_folder.FullName, "a.test", "ca.pem"), "");
        var before = _hosts.Of("a.test");

        File.WriteAllText(Path.Combine(_folder.FullName, "a.test", "ca.pem"), "new");

        Assert.That(_hosts.Of("a.test"), Is.Not.SameAs(before));
    }

    [Test]
    public void Without_a_file_certificates_count_as_docker_names_them()
    {
        var folder = _folder.CreateSubdirectory("a.test").FullName;
        foreach (var name in (string[])["ca.crt", "client.cert", "client.key", "both.cert", "readme"])
            File.WriteAllText(Path.Combine(folder, name), "");

        var host = _hosts.Of("a.test").Hosts.Single();

        Assert.That(host.CertificateAuthorities, Is.EqualTo(new[] { $"{folder}/ca.crt" }));
        Assert.That(host.ClientCertificates, Is.EqualTo(new ClientCertificate[] { new($"{folder}/both.cert", null), new($"{folder}/client.cert", $"{folder}/client.key") }));
    }

    [Test]
    public void A_wrong_file_is_told_with_its_path_and_line()
    {
        Write("a.test", "one.test", "skip_verify = 1");

        Assert.That(
            () => _hosts.Of("a.test"),
            Throws.TypeOf<RegistryException>().With.Property("Error").EqualTo(RegistryError.Misconfigured)
                .And.Message.EqualTo($"cannot read {_folder.FullName}/a.test/hosts.toml: line 2: \"skip_verify\" is neither true nor false"));
    }

    // containerd has the same rules, in core/remotes/docker/config/hosts.go.
    [TestCase("docker.io", "https", "registry-1.docker.io", false)]
    [TestCase("a.test:80", "https", "a.test:80", false)]
    [TestCase("localhost", "https", "localhost", false)]
    [TestCase("localhost:5000", "http", "localhost:5000", true)]
    [TestCase("127.0.0.1:5000", "http", "127.0.0.1:5000", true)]
    [TestCase("[::1]:5000", "http", "[::1]:5000", true)]
    [TestCase("localhost:80", "http", "localhost:80", false)]
    [TestCase("localhost:443", "https", "localhost:443", false)]
    public void Without_configuration_there_is_tls_but_for_loopback_hosts(string registry, string scheme, string authority, bool triesTlsFirst)
    {
        var host = _hosts.Of(registry).Hosts.Single();

        Assert.That((host.Scheme, host.Authority, host.TriesTlsFirst), Is.EqualTo((scheme, authority, triesTlsFirst)));
    }

    [TestCase("1h30m", 5400)]
    [TestCase("1.5s", 1.5)]
    [TestCase("300ms", 0.3)]
    [TestCase("0", 0)]
    [TestCase("99999h", 365 * 86400.0)]
    [TestCase("5", null)]
    [TestCase("-5s", null)]
    [TestCase("5 s", null)]
    [TestCase("", null)]
    public void Durations_are_gos(string text, double? seconds) =>
        Assert.That(GoDuration.TryParse(text, out var duration) ? duration.TotalSeconds : (double?)null, Is.EqualTo(seconds));

    private string First(string registry) => _hosts.Of(registry).Hosts[0].Authority;

    private void Write(string folder, string server, string more = "") =>
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory(folder).FullName, "hosts.toml"), $"server = \"https://{server}\"\n{more}");
}
