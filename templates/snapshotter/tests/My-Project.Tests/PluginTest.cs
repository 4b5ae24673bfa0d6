using System.Net.Sockets;
using Containerd.Snapshots.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Client = Containerd.Snapshots.Wire.Snapshots.SnapshotsClient;

[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

namespace MyNamespace.Tests;

/// <summary>Runs the program for a test, in a folder of its own, and calls it over its socket as containerd does.</summary>
internal abstract class PluginTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("my-plugin-");
    private readonly GrpcChannel _channel;
    private CancellationTokenSource _stop = null!;
    private Task<int> _program = Task.FromResult(0);

    protected PluginTest()
    {
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { ConnectCallback = ConnectAsync },
            DisposeHttpClient = true,
        });
        Calls = new(_channel);
    }

    protected Client Calls { get; }

    protected string Root => Path.Combine(_folder.FullName, "root");

    private string SocketPath => Path.Combine(_folder.FullName, "socket");

    [SetUp]
    public async Task StartAsync()
    {
        _stop = new();
        _program = Program.CreateHost([SocketPath, "--root", Root, "--log-level", "Warning"]).RunAsync(_stop.Token);
        while (!File.Exists(SocketPath))
        {
            Assert.That(_program.IsCompleted, Is.False, "the program has ended; its errors say why");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _channel.Dispose();
        _folder.Delete(recursive: true);
    }

    protected async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    protected IReadOnlyList<Mount> Prepare(string key, string parent = "") => [.. Calls.Prepare(new() { Key = key, Parent = parent }).Mounts];

    protected IReadOnlyList<Mount> View(string key, string parent = "") => [.. Calls.View(new() { Key = key, Parent = parent }).Mounts];

    protected IReadOnlyList<Mount> Mounts(string key) => [.. Calls.Mounts(new() { Key = key }).Mounts];

    protected void Commit(string name, string key) => Calls.Commit(new() { Name = name, Key = key });

    protected void Remove(string key) => Calls.Remove(new() { Key = key });

    protected Info Stat(string key) => Calls.Stat(new() { Key = key }).Info;

    /// <summary>Makes a committed snapshot, as containerd does for a layer of an image.</summary>
    protected void Layer(string name, string parent = "")
    {
        Prepare($"extract {name}", parent);
        Commit(name, $"extract {name}");
    }

    /// <summary>Returns the snapshots that match any of the filters; all of them without a filter.</summary>
    protected async Task<List<Info>> WalkAsync(params string[] filters)
    {
        using var list = Calls.List(new() { Filters = { filters } });
        var found = new List<Info>();
        await foreach (var page in list.ResponseStream.ReadAllAsync())
            found.AddRange(page.Info);

        return found;
    }

    /// <summary>Expects a call to fail, and returns the message.</summary>
    protected static string Fails(StatusCode error, Action call)
    {
        var status = Assert.Throws<RpcException>(() => call())?.Status ?? default;
        Assert.That(status.StatusCode, Is.EqualTo(error), status.Detail);
        return status.Detail;
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _program;
        _stop.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
