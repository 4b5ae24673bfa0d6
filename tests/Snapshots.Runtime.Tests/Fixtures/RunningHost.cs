using Containerd.Snapshots.Tests.Client;

namespace Containerd.Snapshots.Tests.Fixtures;

/// <summary>The host that users' programs run, in this process, on a socket in a folder of its own.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<int> _run;

    private RunningHost(DirectoryInfo folder, Func<string[], CancellationToken, Task<int>> run)
    {
        _folder = folder;
        SocketPath = Path.Combine(folder.FullName, "test.sock");
        Client = new SnapshotsClient(SocketPath);
        _run = run([SocketPath, "--root", Path.Combine(folder.FullName, "root"), "--log-level", "None"], _stopping.Token);
    }

    public string SocketPath { get; }

    public SnapshotsClient Client { get; }

    public Wire.Snapshots.SnapshotsClient Calls => Client.Calls;

    /// <summary>Runs one snapshotter without a name.</summary>
    public static Task<RunningHost> StartAsync<T>(T snapshotter, params string[] options)
        where T : class, ISnapshotter<T> =>
        StartAsync((args, token) => SnapshotterHost.RunAsync([.. args, .. options], _ => snapshotter, token));

    /// <summary>Runs a program, which gets a command line.</summary>
    public static async Task<RunningHost> StartAsync(Func<string[], CancellationToken, Task<int>> run)
    {
        var host = new RunningHost(Directory.CreateTempSubdirectory("snap-"), run);
        await Eventually.TrueAsync(
            async () => host._run.IsCompleted
                ? throw new AssertionException($"The host has ended with exit code {await host._run} before it listened.")
                : File.Exists(host.SocketPath),
            "the host listens");
        return host;
    }

    /// <summary>Stops the host, as SIGTERM does.</summary>
    /// <returns>The exit code, after running calls have ended.</returns>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }
}
