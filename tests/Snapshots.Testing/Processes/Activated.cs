using Containerd.Snapshots.Tests.Client;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>A server that is started with socket activation, and again when it ends, as by systemd.</summary>
public sealed class Activated : IAsyncDisposable
{
    private static readonly string[] AsChild = ["bash", "-c", "\"$@\"; exit $?", "bash"];

    private readonly Daemon _activator;

    private Activated(Daemon activator, string socketPath)
    {
        _activator = activator;
        SocketPath = socketPath;
        Client = new(socketPath);
    }

    public string SocketPath { get; }

    public SnapshotsClient Client { get; }

    /// <summary>The output of the activator and the servers.</summary>
    public string Log => _activator.Log;

    /// <summary>The process id of the current server.</summary>
    public int Server => int.Parse(Lines("started ")[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many servers were started.</summary>
    public int Starts => Lines("started ").Length;

    /// <summary>Starts the activator, which starts the server.</summary>
    /// <param name="activator">The program of tests/System/Activator.</param>
    /// <param name="socketPath">The socket that it makes.</param>
    /// <param name="command">The server.</param>
    public static async Task<Activated> StartAsync(string activator, string socketPath, params IReadOnlyList<string> command)
    {
        return await StartAsync(await Daemon.StartAsync("activator", AsChild, [activator, socketPath, .. command]), socketPath);
    }

    /// <summary>The same for an activator that is already started.</summary>
    public static async Task<Activated> StartAsync(Daemon daemon, string socketPath)
    {
        var activated = new Activated(daemon, socketPath);
        await daemon.WaitUntilAsync("a server is started", () => Task.FromResult(activated.Starts > 0));
        return activated;
    }

    /// <summary>Stops the server with SIGTERM and starts another one; the socket stays.</summary>
    public Task RestartAsync() => ReplaceAsync("HUP");

    /// <summary>Kills the server and starts another one.</summary>
    public Task KillAsync() => ReplaceAsync("USR1");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _activator.DisposeAsync();
    }

    private async Task ReplaceAsync(string signal)
    {
        var starts = Starts;
        await _activator.Signal(signal);
        await _activator.WaitUntilAsync("another server is started", () => Task.FromResult(Starts > starts));
    }

    private string[] Lines(string beginning) =>
        [.. Log.Split('\n').Where(line => line.StartsWith(beginning, StringComparison.Ordinal)).Select(line => line[beginning.Length..])];
}
