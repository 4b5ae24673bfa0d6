using System.Text.Json;

namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>A box with a registry, the snapshotter and a containerd, all empty at first; and a registry in front that may misbehave.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly Func<Node, Task<PrivateContainerd>> _startContainerd;

    private Node(Box box, Func<Node, Task<PrivateContainerd>> containerd) => (Box, _startContainerd) = (box, containerd);

    public Box Box { get; }

    /// <summary>Debian's registry, to which images are pushed.</summary>
    public LoopbackRegistry Registry { get; private set; } = null!;

    /// <summary>The registry that images are pulled from.</summary>
    public HostileRegistry Hostile { get; private set; } = null!;

    public Snapshotter Snapshotter { get; private set; } = null!;

    public PrivateContainerd Containerd { get; private set; } = null!;

    /// <summary>The snapshotter's folder with a hosts.toml for each registry, which does not exist at first.</summary>
    public string Hosts => Path.Combine(Box.Folder, "hosts");

    /// <summary>The snapshotter's file with credentials, which does not exist at first.</summary>
    public string DockerConfig => Path.Combine(Box.Folder, "config.json");

    public string Logs => $"-- the snapshotter --\n{Snapshotter?.Log}\n-- containerd --\n{Containerd?.Log}";

    /// <summary>Starts a node.</summary>
    /// <param name="containerd">Starts its containerd.</param>
    /// <param name="prepare">Prepares the snapshotter's root directory in the box; null: it does not exist.</param>
    /// <param name="options">Further options of the snapshotter.</param>
    public static async Task<Node> StartAsync(Func<Node, Task<PrivateContainerd>> containerd, Func<Node, Task>? prepare = null, params IReadOnlyList<string> options)
    {
        var node = new Node(await Box.OpenAsync(), containerd);
        try
        {
            node.Registry = await LoopbackRegistry.StartAsync(node.Box);
            node.Hostile = await HostileRegistry.StartAsync(node.Registry.Address);
            node.Snapshotter = new(node.Box, PublishedSample.Lazy) { Options = ["--hosts-dir", node.Hosts, "--docker-config", node.DockerConfig, .. options] };
            if (prepare is not null)
                await prepare(node);

            await node.Snapshotter.StartAsync();
            await node.StartContainerdAsync();
            return node;
        }
        catch
        {
            await TestContext.Out.WriteLineAsync(node.Logs);
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts containerd, also again after <see cref="PrivateContainerd.DisposeAsync"/>.</summary>
    public async Task StartContainerdAsync() => Containerd = await _startContainerd(this);

    /// <summary>Has the snapshotter ask other hosts for the images of the registry in front, before that one.</summary>
    public async Task UseMirrorsAsync(params IReadOnlyList<string> mirrors)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Hosts, Hostile.Address)).FullName;
        var tables = mirrors.Select(mirror => $"[host.\"http://{mirror}\"]\n  capabilities = [\"pull\", \"resolve\"]\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), $"server = \"http://{Hostile.Address}\"\n{string.Concat(tables)}");
    }

    /// <summary>What the command config prints for a version of containerd, such as 1.6 or 2.</summary>
    public async Task<string> ConfigAsync(string version) =>
        (await Snapshotter.RunAsync("config", Snapshotter.Socket, "--root", Snapshotter.Root, "--containerd", version, "--name", PrivateContainerd.Snapshotter)).AssertSucceeded().Output;

    /// <summary>What the command layers knows of a layer; null for nothing.</summary>
    public async Task<JsonElement?> LayerAsync(TestLayer layer)
    {
        var layers = JsonDocument.Parse((await Snapshotter.RunAsync("layers", "--root", Snapshotter.Root, "--json")).AssertSucceeded().Output).RootElement;
        return layers.EnumerateArray().Where(each => each.GetProperty("digest").GetString() == layer.Digest).Select(each => (JsonElement?)each).SingleOrDefault();
    }

    /// <summary>What the command layers says of the state of each of an image's layers, from the base; null for those that it does not know.</summary>
    public async Task<IReadOnlyList<string?>> StatesAsync(PushedImage image)
    {
        var states = new List<string?>();
        foreach (var layer in image.Layers)
            states.Add((await LayerAsync(layer))?.GetProperty("state").GetString());

        return states;
    }

    /// <summary>The digests in containerd's content store.</summary>
    public async Task<IReadOnlyList<string>> ContentAsync(string? inNamespace = null) =>
        (await Containerd.CtrAsync([.. In(inNamespace), "content", "ls", "--quiet"])).AssertSucceeded().Lines;

    /// <summary>What is mounted in the snapshotter's root directory.</summary>
    public async Task<IReadOnlyList<string>> MountsAsync() =>
        [.. (await Box.RunAsync(["cat", "/proc/self/mountinfo"])).AssertSucceeded().Lines.Select(line => line.Split(' ')[4]).Where(path => path.StartsWith($"{Snapshotter.Root}/", StringComparison.Ordinal))];

    /// <summary>The files, links and directories that the snapshotter has for layers and snapshots, without those that are always there.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync() =>
    [
        .. (await Box.RunAsync(["find", $"{Snapshotter.Root}/snapshots", $"{Snapshotter.Root}/layers", "-mindepth", "1", "-maxdepth", "2", "-printf", "%p\\n"])).Lines
            .Select(path => Path.GetRelativePath(Snapshotter.Root, path)).Except(["layers/snapshots", "layers/mounts", "layers/lazy", "layers/order"])
            .Where(path => !path.StartsWith("layers/order/", StringComparison.Ordinal)), // It outlives the layers.
    ];

    public static IReadOnlyList<string> In(string? containerdNamespace) => containerdNamespace is null ? [] : ["--namespace", containerdNamespace];

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using (Hostile)
            await using (Registry)
            await using (Snapshotter)
            await using (Containerd)
            {
            }
        }
        finally
        {
            await Box.DisposeAsync();
        }
    }
}
