using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>A containerd with its own folders, socket and namespace, configured with one snapshotter.</summary>
public sealed class PrivateContainerd : IAsyncDisposable
{
    private const string Part = "snapshotter.toml";

    private readonly Box _box;
    private readonly Daemon _daemon;
    private readonly string _folder;

    private PrivateContainerd(Box box, Daemon daemon, string socket, string folder)
    {
        _box = box;
        _folder = folder;
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

    /// <summary>Environment variables with which ctr uses this containerd and its snapshotter.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The socket on which it serves its clients.</summary>
    public string Socket { get; }

    public string Log => _daemon.Log;

    public static Task<PrivateContainerd> StartAsync(Box box, string snapshotterSocket) => StartWithAsync(
        box,
        $"""
        version = 2
        [proxy_plugins.{Snapshotter}]
          type = "snapshot"
          address = "{snapshotterSocket}"
        """);

    /// <summary>Starts one with a given configuration of the snapshotter.</summary>
    /// <param name="box">Where it runs.</param>
    /// <param name="part">The snapshotter's configuration, which becomes an imported file.</param>
    /// <param name="folder">The folder of containerd and ctr; empty: the installed ones.</param>
    /// <param name="withCri">Whether it serves the kubelet's interface, too.</param>
    public static async Task<PrivateContainerd> StartWithAsync(Box box, string part, string folder = "", bool withCri = false)
    {
        var socket = Path.Combine(box.Folder, "containerd.sock");
        var configuration = ConfigurationFile(box);
        await File.WriteAllTextAsync(Path.Combine(box.Folder, Part), part);
        await File.WriteAllTextAsync(configuration, Configuration(box.Folder, socket, withCri));
        var daemon = await box.StartAsync("containerd", Path.Combine(folder, "containerd"), "--config", configuration, "--log-level", "warn");
        var containerd = new PrivateContainerd(box, daemon, socket, folder);
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
        _box.RunAsync([Path.Combine(_folder, "ctr"), .. arguments], Environment);

    /// <summary>Has it print its whole configuration, with imports and defaults.</summary>
    public Task<CommandResult> DumpAsync() =>
        _box.RunAsync([Path.Combine(_folder, "containerd"), "--config", ConfigurationFile(_box), "config", "dump"]);

    /// <summary>Collects garbage now. This containerd never does so by itself.</summary>
    public async Task CollectGarbageAsync()
    {
        (await CtrAsync("leases", "create", "--id", "collect")).AssertSucceeded();
        (await CtrAsync("leases", "delete", "--sync", "collect")).AssertSucceeded();
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private static string ConfigurationFile(Box box) => Path.Combine(box.Folder, "config.toml");

    // A snapshot that "ctr snapshots view" makes is garbage at once: scheduled collections would make tests fail at random.
    private static string Configuration(string folder, string socket, bool withCri) =>
        $"""
        version = 2
        imports = ["{Part}"]
        root = "{folder}/containerd"
        state = "{folder}/state"
        disabled_plugins = [
          {(withCri ? "" : "\"io.containerd.grpc.v1.cri\", ")}"io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
        ]
        [grpc]
          address = "{socket}"
        [plugins."io.containerd.gc.v1.scheduler"]
          startup_delay = "24h"
          mutation_threshold = 0
          deletion_threshold = 0
        """;
}
