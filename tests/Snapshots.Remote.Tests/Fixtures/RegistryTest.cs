using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Tests.Remote;

/// <summary>Tests of a client: a folder with the node's configuration, registries on the loopback interface.</summary>
internal abstract class RegistryTest
{
    /// <summary>The registry's name in references. It is never asked for: its hosts.toml has the hosts.</summary>
    protected const string Registry = "registry.test", Repository = "library/thing";

    protected static readonly string Architecture = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private readonly List<IAsyncDisposable> _registries = [];
    private readonly List<RegistryClient> _clients = [];

    protected static ImageReference Image { get; } = Reference($"{Registry}/{Repository}:latest");

    protected RecordedLog Log { get; private set; } = null!;

    protected string Folder { get; private set; } = null!;

    protected string HostsDirectory => Path.Combine(Folder, "certs.d");

    protected string DockerConfig => Path.Combine(Folder, "config.json");

    /// <summary>Limits that let a test of failing hosts end soon, and that no working host reaches.</summary>
    protected RegistryOptions Options { get; set; } = null!;

    [SetUp]
    public void MakeFolder()
    {
        Folder = Directory.CreateTempSubdirectory("registry-").FullName;
        Log = new();
        Options = new()
        {
            HostsDirectory = HostsDirectory,
            DockerConfigs = [DockerConfig],
            TimeWithoutProgress = TimeSpan.FromSeconds(20),
            ConnectionTimeout = TimeSpan.FromSeconds(20),
        };
    }

    [TearDown]
    public async Task CloseAll()
    {
        foreach (var client in _clients)
            client.Dispose();
        foreach (var registry in _registries)
            await registry.DisposeAsync();
        _clients.Clear();
        _registries.Clear();
        Log.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    protected static ImageReference Reference(string text) =>
        ImageReference.TryParse(text, out var image) ? image : throw new ArgumentException(text);

    protected async Task<TestRegistry> StartAsync(TestContent? content = null)
    {
        var registry = await TestRegistry.StartAsync();
        _registries.Add(registry);
        return content is null ? registry : registry.With(content);
    }

    /// <summary>Starts a registry that is the only host of <see cref="Registry"/>.</summary>
    protected async Task<TestRegistry> StartOnlyAsync(TestContent? content = null)
    {
        var registry = await StartAsync(content);
        UseHosts(registry);
        return registry;
    }

    /// <summary>Configures hosts: the last one as the server.</summary>
    protected void UseHosts(params TestRegistry[] hosts) => WriteHosts($"""
        server = "{hosts[^1].Url}"

        {string.Join("\n", hosts[..^1].Select(mirror => $"""[host."{mirror.Url}"]"""))}
        """);

    protected void WriteHosts(string toml, string registry = Registry)
    {
        Directory.CreateDirectory(Path.Combine(HostsDirectory, registry));
        File.WriteAllText(Path.Combine(HostsDirectory, registry, "hosts.toml"), toml);
    }

    protected RegistryClient NewClient()
    {
        var client = new RegistryClient(Options, Log);
        _clients.Add(client);
        return client;
    }

    protected static Task<byte[]> ReadAsync(RegistryClient client, RegistryDescriptor blob, CancellationToken cancellationToken = default) =>
        client.ReadBlobAsync(Image, blob, ReadAllAsync, cancellationToken);

    protected static async Task<byte[]> ReadAllAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, cancellationToken);
        return all.ToArray();
    }

    protected static async Task<RegistryException> FailsAsync(Func<Task> action, RegistryError error, string text)
    {
        var exception = (await Assert.ThrowsAsync<RegistryException>(() => Eventually.Within(action())))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Error, Is.EqualTo(error), exception.Message);
            Assert.That(exception.Message, Does.Contain(text));
        }

        return exception;
    }
}
