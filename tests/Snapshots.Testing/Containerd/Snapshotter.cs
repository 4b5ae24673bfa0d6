using System.Net.Sockets;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>The published sample on a socket of the box; it can be stopped and started again.</summary>
public sealed class Snapshotter(Box box, PublishedSample sample) : IAsyncDisposable
{
    private readonly List<Daemon> _runs = [];

    public string Socket => Path.Combine(box.Folder, "plugin.sock");

    public string Root => Path.Combine(box.Folder, "root");

    /// <summary>Further arguments for the sample.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public string Log => string.Join('\n', _runs.Select(run => run.Log));

    public async Task StartAsync()
    {
        var run = await box.StartAsync("the snapshotter", [.. await CommandAsync(), "--log-level", "debug"]);
        _runs.Add(run);
        await run.WaitUntilAsync("it listens", () => Task.FromResult(Listens()));
    }

    /// <summary>Starts it, asserts that it refuses to run, and returns what it says.</summary>
    public async Task<string> AssertRefusedAsync()
    {
        var refused = await box.RunAsync(await CommandAsync());
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        return refused.Error;
    }

    /// <summary>Ends it with SIGTERM and returns its exit code.</summary>
    public Task<int> StopAsync() => _runs[^1].StopAsync();

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => _runs[^1].KillAsync();

    /// <summary>Runs one of the sample's commands, such as <c>check</c>, in the box.</summary>
    public async Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) => await box.RunAsync([await sample.PathAsync(), .. arguments]);

    /// <summary>
    /// All snapshots, with the names that containerd gave them. The snapshotter is asked directly: containerd's own
    /// list drops a snapshot before the snapshotter does.
    /// </summary>
    public async Task<IReadOnlyList<Info>> ListAsync()
    {
        using var client = new SnapshotsClient(Socket);
        using var list = client.Calls.List(new(), deadline: DateTime.UtcNow.AddSeconds(20));
        var infos = new List<Info>();
        await foreach (var reply in list.ResponseStream.ReadAllAsync())
            infos.AddRange(reply.Info);
        return infos;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs)
            await run.DisposeAsync();
    }

    private async Task<IReadOnlyList<string>> CommandAsync() => [await sample.PathAsync(), Socket, "--root", Root, .. sample.ArgumentsFor(Root), .. Options];

    private bool Listens()
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
