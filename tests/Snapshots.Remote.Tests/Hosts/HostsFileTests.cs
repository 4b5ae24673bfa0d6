using Containerd.Snapshots.Remote.Hosts;

namespace Containerd.Snapshots.Tests.Remote.Hosts;

/// <summary>hosts.toml means what it means for containerd.</summary>
internal sealed class HostsFileTests
{
    private const string Folder = "/etc/containerd/certs.d/docker.io";

    [Test]
    public void Hosts_come_in_the_order_of_the_file_and_the_server_last()
    {
        var hosts = Read("""
            server = "https://registry-1.docker.io"

            [host."https://z.test"]
            [host."http://a.test:5000"]
            [host."https://z.test".header]
              x = "y"
            [host."m.test/docker"]
            """);

        Assert.That(hosts.Select(host => $"{host.Scheme}://{host.Authority}{host.Path}"), Is.EqualTo(new[]
        {
            "https://z.test/v2", "http://a.test:5000/v2", "https://m.test/docker/v2", "https://registry-1.docker.io/v2",
        }));
        Assert.That(hosts[0].Headers, Is.EqualTo(new[] { KeyValuePair.Create("x", "y") }));
    }

    [Test]
    public void Without_a_server_the_registry_itself_is_the_last()
    {
        Assert.That(Read("""[host."https://a.test"]""")[^1].Authority, Is.EqualTo("registry-1.docker.io"));
        Assert.That(Read("", "quay.test")[^1].Authority, Is.EqualTo("quay.test"));
    }

    [TestCase("""["pull"]""", HostCapabilities.Pull)]
    [TestCase("""["Resolve", "push"]""", HostCapabilities.Resolve)]
    [TestCase("""["push"]""", HostCapabilities.None)]
    [TestCase("[]", HostCapabilities.Pull | HostCapabilities.Resolve)]
    public void Capabilities_are_what_a_host_is_asked_for(string list, object expected) =>
        Assert.That(Read($"""
            [host."https://a.test"]
              capabilities = {list}
            """)[0].Capabilities, Is.EqualTo(expected));

    [Test]
    public void Paths_are_relative_to_the_file()
    {
        var host = Read("""
            [host."https://a.test"]
              ca = ["a.pem", "/b.pem"]
              client = [["c.cert", "c.key"], ["d.pem", ""], "e.pem"]
            """)[0];

        Assert.That(host.CertificateAuthorities, Is.EqualTo(new[] { $"{Folder}/a.pem", "/b.pem" }));
        Assert.That(host.ClientCertificates, Is.EqualTo(new ClientCertificate[]
        {
            new($"{Folder}/c.cert", $"{Folder}/c.key"), new($"{Folder}/d.pem", null), new($"{Folder}/e.pem", null),
        }));
    }

    [Test]
    public void The_servers_own_options_are_at_the_top()
    {
        var server = Read("""
            server = "https://a.test/api"
            ca = "a.pem"
            client = "c.pem"
            skip_verify = true
            override_path = true
            dial_timeout = "1.5s"
            [header]
              x-a = ["1", "2"]
            """)[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Path, Is.EqualTo("/api"));
            Assert.That(server.CertificateAuthorities, Is.EqualTo(new[] { $"{Folder}/a.pem" }));
            Assert.That(server.ClientCertificates, Has.Count.EqualTo(1));
            Assert.That(server.SkipVerify, Is.True);
            Assert.That(server.DialTimeout, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
            Assert.That(server.Headers.Select(header => header.Value), Is.EqualTo(new[] { "1", "2" }));
        }
    }

    [TestCase("server = 1", "line 1: \"server\" is not a text")]
    [TestCase("\n\n[host.\"https://a.test\"]\ncapabilities = [\"fly\"]", "line 4: \"fly\" is not a capability")]
    [TestCase("[host.\"ftp://a.test\"]\n[host.\"https://\"]", "is not an address of a registry")]
    [TestCase("[host.\"https://user:secret@a.test\"]", "is not an address of a registry")]
    [TestCase("skip_verify = \"yes\"", "line 1: \"skip_verify\" is neither true nor false")]
    [TestCase("ca = [1]", "line 1: \"ca\" is not a text")]
    [TestCase("client = [[\"a\"]]", "line 1: a pair of \"client\" has not two paths")]
    [TestCase("dial_timeout = \"5\"", "line 1: the dial_timeout \"5\" is not a duration")]
    [TestCase("header = 1", "line 1: \"header\" is not a table")]
    [TestCase("[header]\nx = \"a\\nb\"", "line 2: \"x\" is not a header")]
    [TestCase("host = 1", "line 1: \"host\" is not a table")]
    [TestCase("\n\n= nonsense", "line 3: it is not valid TOML")]
    public void A_mistake_is_told_with_its_line(string text, string expected) =>
        Assert.That(() => Read(text), Throws.TypeOf<FormatException>().With.Message.Contains(expected));

    private static IReadOnlyList<RegistryHost> Read(string text, string registry = "docker.io") => HostsFile.Read(text, Folder, registry);
}
