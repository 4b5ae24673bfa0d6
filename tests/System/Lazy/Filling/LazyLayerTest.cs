using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>Tests with an image whose upper layer has a table of contents, and whose pass over all of it waits at a gate.</summary>
internal abstract class LazyLayerTest : LazyTest
{
    protected const int Size = 400_000;

    protected override IReadOnlyList<string> Options => ["--lazy-from", "*", "--read-timeout", "00:01:00"];

    /// <summary>Opens when the layer may be completed.</summary>
    protected Gate Rest { get; private set; } = new();

    [SetUp]
    public void CloseGate() => Rest = new();

    /// <summary>Pushes an image with a lazy layer, of which nothing comes but what is read.</summary>
    /// <param name="kind">The kind of the layer's table.</param>
    /// <param name="parts">How requests for parts are answered; null: truthfully.</param>
    protected async Task<(PushedImage Image, TestLayer Layer)> PushLazyAsync(LayerTableKind kind = LayerTableKind.EStargz, Fault? parts = null)
    {
        var layer = TestLayer.Lazy(kind, "lazy", Size);
        var image = await PushAsync("test/lazy:1", layer);
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest), parts));
        return (image, layer);
    }

    /// <summary>Answers requests for parts of a layer wrongly; null: truthfully. Nothing else comes of it.</summary>
    protected void BreakParts(TestLayer layer, Fault? parts) => Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.StopAt(1000, Rest), parts));

    /// <summary>The SHA-256 of the lazy layer's large file, as a container reads it.</summary>
    protected Task<string[]> HashAsync(PushedImage image) => RunAsync(image, "/bin/busybox", "sha256sum", "/data/lazy");

    /// <summary>What <see cref="HashAsync"/> should print.</summary>
    protected static string[] RightHash => [HashOf("lazy", Size)];

    /// <summary>What sha256sum prints for the large file of a layer.</summary>
    protected static string HashOf(string name, int size) => $"{TestLayer.DigestOf(TestLayer.DataOf(name, size))["sha256:".Length..]}  /data/{name}";

    protected async Task<string?> StateAsync(TestLayer layer) => (await Node.LayerAsync(layer))?.GetProperty("state").GetString();

    protected Task UntilAsync(TestLayer layer, string state) => Eventually.TrueAsync(async () => await StateAsync(layer) == state, $"{layer.Digest} is {state}");

    /// <summary>Waits until the keeper can have the mount.</summary>
    protected Task KeptAsync() => Eventually.TrueAsync(() => Task.FromResult(File.Exists(Path.Combine(Node.Snapshotter.Root, "keeper.sock"))), "the keeper listens");
}
