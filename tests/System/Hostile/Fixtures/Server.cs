using System.Diagnostics;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Processes;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile.Fixtures;

/// <summary>samples/Hello as a native binary that logs every call. Its log is read while it runs.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>
    /// The limit of the garbage collector's heap, in kB. Without a limit it collects so late that memory grows for a
    /// hundred thousand inputs, leak or not. With it, a leak ends in an OutOfMemoryException. The fuzz has run in 36 MB
    /// and not in 24 MB; a list that is not read takes 2 MB.
    /// </summary>
    public const int HeapLimit = 96 << 10;

    private readonly Process _process;

    private Server(Process process, string socketPath)
    {
        _process = process;
        SocketPath = socketPath;
        Log = new(process.StandardError);
    }

    public string SocketPath { get; }

    public ServerLog Log { get; }

    public static async Task<Server> StartAsync(DirectoryInfo folder)
    {
        var binary = await PublishedSample.Hello.PathAsync();
        var socketPath = Path.Combine(folder.FullName, "test.sock");
        var environment = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = $"{HeapLimit << 10:x}" };

        // Kestrel may never close a connection that it aborted for too many resets: the stop then takes the drain time.
        string[] command = [binary, socketPath, "--root", Path.Combine(folder.FullName, "root"), "--log-level", "Debug", "--drain-time", "5s"];
        var server = new Server(Command.Start(command, environment), socketPath);
        try
        {
            await Eventually.TrueAsync(() => server._process.HasExited || File.Exists(socketPath), "the server listens");
            await server.AssertAnswersAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Footprint Footprint() => Fixtures.Footprint.Of(_process.Id);

    /// <inheritdoc cref="Footprint.PeakMemory"/>
    public long PeakMemory() => Fixtures.Footprint.PeakMemory(_process.Id);

    /// <summary>Its state and the flaws in its log, for a test that fails.</summary>
    public string Describe() =>
        $"The server {(_process.HasExited ? $"has ended with {_process.ExitCode}" : $"runs, {Footprint()}")}; its log: {Log.Flaws}";

    /// <summary>Asserts that it answers the call of an honest client, on a new connection.</summary>
    public async Task AssertAnswersAsync()
    {
        Assert.That(_process.HasExited, Is.False, $"The server has ended. {Log.Flaws}");
        using var client = new SnapshotsClient(SocketPath);
        await Rpc.FailsAsync(
            StatusCode.NotFound,
            () => Eventually.Within(client.Calls.StatAsync(new() { Key = "no such key" }, new CallOptions().WithWaitForReady()).ResponseAsync));
    }

    /// <summary>Removes all snapshots and their directories.</summary>
    public async Task SweepAsync()
    {
        using var client = new SnapshotsClient(SocketPath);
        var infos = await ListAsync(client);
        while (infos.Count > 0)
        {
            var parents = infos.Select(info => info.Parent).ToHashSet();
            foreach (var info in infos.Where(info => !parents.Contains(info.Name)))
                await Eventually.Within(client.Calls.RemoveAsync(new() { Key = info.Name }).ResponseAsync);
            infos = await ListAsync(client);
        }

        await Eventually.Within(client.Calls.CleanupAsync(new()).ResponseAsync);
    }

    /// <summary>Stops it, and asserts that it ends cleanly.</summary>
    public async Task StopAsync()
    {
        (await Command.RunAsync(["bash", "-c", $"kill -TERM {_process.Id}"])).AssertSucceeded();
        await Eventually.Within(_process.WaitForExitAsync());
        await Eventually.Within(Log.End);
        Assert.That(_process.ExitCode, Is.Zero, Log.Flaws);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<List<Wire.Info>> ListAsync(SnapshotsClient client)
    {
        using var list = client.Calls.List(new());
        return await Eventually.Within(list.ResponseStream.ReadAllAsync().SelectMany(message => message.Info).ToListAsync().AsTask());
    }
}
