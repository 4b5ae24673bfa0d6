using System.Globalization;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>The snapshotter is killed and stopped over and over, while containers read lazy layers.</summary>
internal sealed class KillStressTests : LazyLayerTest
{
    private const int Containers = 2, Large = 2_000_000;

    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_LAZY_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 5;

    private readonly List<(string Container, string Hash)> _readers = [];
    private readonly List<TestLayer> _layers = [];

    [Test]
    public async Task Containers_read_on_through_all_kills()
    {
        foreach (var kind in new[] { LayerTableKind.EStargz, LayerTableKind.ZstdChunked })
            await BeginAsync(kind);

        await KeptAsync();
        (await Node.Box.RunAsync(["sh", "-c", $"({Forget}) < /dev/null > /dev/null 2>&1 &"])).AssertSucceeded();
        for (var kill = 0; kill < Kills; kill++)
        {
            await (kill % 2 == 0 ? Node.Snapshotter.KillAsync() : Node.Snapshotter.StopAsync());
            await Node.Snapshotter.StartAsync();
            foreach (var (container, _) in _readers)
                await ReadsOnAsync(container);
        }

        Rest.Open();
        foreach (var layer in _layers)
            await UntilAsync(layer, "Complete");

        await File.WriteAllTextAsync(Path.Combine(Node.Box.Folder, "forgotten"), "");
        foreach (var (container, hash) in _readers)
        {
            await ReadsOnAsync(container);
            var read = await ExecAsync(container, "cat /read");
            await TestContext.Out.WriteLineAsync($"{container}: {read.Length} readings, {Kills} kills");
            Assert.That(read, Is.All.EqualTo(hash));
        }
    }

    // Has the kernel forget what it has read, so that reads reach the snapshotter. Ends with the box at the latest.
    private string Forget =>
        $"""
        while [ ! -e {Node.Box.Folder}/forgotten ]; do
            for file in {Node.Snapshotter.Root}/layers/mounts/*/fs/data/* {Node.Snapshotter.Root}/layers/lazy/*; do
                dd if=$file iflag=nocache count=0 status=none
            done
        done
        """;

    private async Task BeginAsync(LayerTableKind kind)
    {
        var name = kind.ToString();
        var layer = TestLayer.Lazy(kind, name, Large);
        var image = await PushAsync($"test/{name.ToLowerInvariant()}:1", layer);
        var random = new Random(1);
        BreakParts(layer, null);
        await PullAsync(image);
        BreakParts(layer, exchange => random.Next(3) == 0 ? exchange.AnswerAsync(503) : Faults.TruthAsync(exchange));
        _layers.Add(layer);
        for (var index = 0; index < Containers; index++)
        {
            var container = $"{name}-{index}";
            await Ctr("run", "--detach", "--null-io", Reference(image), container, "/bin/sh", "-c", "while true; do busybox sha256sum /data/* >> /read 2>&1; done");
            _readers.Add((container, HashOf(name, Large)));
        }
    }

    private async Task ReadsOnAsync(string container)
    {
        var before = await CountAsync(container);
        await Eventually.TrueAsync(async () => await CountAsync(container) > before, $"{container} reads on");
    }

    private async Task<int> CountAsync(string container) => (await ExecAsync(container, "cat /read 2>/dev/null || true")).Length;

    private async Task<string[]> ExecAsync(string container, string script) =>
        (await Ctr("tasks", "exec", "--exec-id", $"x{Guid.NewGuid():N}", container, "/bin/sh", "-c", script)).Lines;
}
