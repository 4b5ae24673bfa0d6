using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>containerd with folders, a socket and a namespace of its own, which knows one snapshotter.</summary>
public sealed class PrivateContainerd : IAsyncDisposable
{
    private readonly Box _box;
    private readonly Daemon _daemon;

    private PrivateContainerd(Box box, Daemon daemon, string socket)
    {
        _box = box;
        _daemon = daemon;
        Socket = socket;
        Environment = new Dictionary<string, string>
        {
            ["CONTAINERD_ADDRESS"] = socket,
            ["CONTAINERD_NAMESPACE"] = box.Name,
            ["CONTAINERD_SNAPSHOTTER"] = Snapshotter,
        };
    }

    /// <summary>The snapshotter's name in the configuration.</summary>
    public const string Snapshotter = "example";

    /// <summary>What ctr needs to talk to this containerd, with its snapshotter.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Where it serves its own clients.</summary>
    public string Socket { get; }

    public string Log => _daemon.Log;

    public static async Task<PrivateContainerd> StartAsync(Box box, string snapshotterSocket)
    {
        var socket = Path.Combine(box.Folder, "containerd.sock");
        var configuration = Path.Combine(box.Folder, "config.toml");
        await File.WriteAllTextAsync(configuration, Configuration(box.Folder, socket, snapshotterSocket));
        var daemon = await box.StartAsync("containerd", "containerd", "--config", configuration, "--log-level", "warn");
        var containerd = new PrivateContainerd(box, daemon, socket);
        try
        {
            await daemon.WaitUntilAsync("it answers", async () => (await containerd.CtrAsync("version")).ExitCode == 0);
            return containerd;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs ctr against this containerd, with its snapshotter.</summary>
    public Task<CommandResult> CtrAsync(params IReadOnlyList<string> arguments) =>
        _box.RunAsync(["ctr", .. arguments], Environment);

    /// <summary>Has garbage collected now; by itself this containerd does not.</summary>
    public async Task CollectGarbageAsync()
    {
        (await CtrAsync("leases", "create", "--id", "collect")).Succeeded();
        (await CtrAsync("leases", "delete", "--sync", "collect")).Succeeded();
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    // What "ctr snapshots view" makes is garbage at once: collection at times of its own would make tests a gamble.

    private static string Configuration(string folder, string socket, string snapshotterSocket) =>
        $"""
        version = 2
        root = "{folder}/containerd"
        state = "{folder}/state"
        disabled_plugins = [
          "io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
        ]
        [grpc]
          address = "{socket}"
        [plugins."io.containerd.gc.v1.scheduler"]
          startup_delay = "24h"
          mutation_threshold = 0
          deletion_threshold = 0
        [proxy_plugins.{Snapshotter}]
          type = "snapshot"
          address = "{snapshotterSocket}"
        """;
}
