using System.Text.Json;

namespace Containerd.Snapshots.Tests.Lazy.Commands;

/// <summary>The command layers.</summary>
internal sealed class LayersTests : LazyTest
{
    private readonly TestLayer _comes = TestLayer.OfSize("comes", 400_000), _denied = TestLayer.OfSize("denied", 1000);

    [Test]
    public async Task Layers_that_are_here_that_come_and_that_containerd_unpacks_are_listed()
    {
        var (image, other) = (await PushAsync("test/app:1", _comes), await PushAsync("test/other:1", _denied));
        var gate = new Gate();
        Node.Hostile.Break(_comes.Digest, Faults.StopAt(200_000, gate));
        Node.Hostile.Break(_denied.Digest, Faults.Status(403));
        var pull = PullAsync(image);
        await PullAsync(other);
        await PromisedAsync(2);
        await Eventually.TrueAsync(async () => (await Node.LayerAsync(_comes))?.GetProperty("fetched").GetInt64() == 200_000, "the progress is recorded");

        var rows = (await Node.Snapshotter.RunAsync("layers", "--root", Node.Snapshotter.Root)).AssertSucceeded().Lines;
        var (here, denied) = ((await Node.LayerAsync(TestLayer.Busybox))!.Value, (await Node.LayerAsync(_denied))!.Value);
        gate.Open();
        await pull;
        await Node.Snapshotter.StopAsync();
        var complete = (await Node.LayerAsync(_comes))!.Value;

        Assert.That(rows[0], Does.Match("^LAYER +STATE +DONE +SIZE +ON DISK +IMAGE +FROM +REASON$"));
        Assert.That(rows, Has.Some.Match($"^{TestLayer.Busybox.Digest[..19]} +complete +100 % .*test/(app|other):1 +{Node.Hostile.Address}$"));
        Assert.That(rows, Has.Some.Match($"^{_comes.Digest[..19]} +fetching +4[0-9] % .*{Reference(image)}"));
        Assert.That(rows, Has.Some.Match($"^{_denied.Digest[..19]} +not supplied .*{Reference(other)} +{Node.Hostile.Address} denies"));
        Assert.That(Text(here, "state"), Is.EqualTo("Complete"));
        Assert.That(here.GetProperty("size").GetInt64(), Is.EqualTo(TestLayer.Busybox.Blob.Length));
        Assert.That(here.GetProperty("diskSize").GetInt64(), Is.GreaterThan(1_000_000));
        Assert.That(Text(denied, "state"), Is.EqualTo("NotSupplied"));
        Assert.That(Text(denied, "manifest"), Is.EqualTo(other.Manifest));
        Assert.That(Text(complete, "state"), Is.EqualTo("Complete"), "also while no snapshotter runs");
        Assert.That(complete.GetProperty("fetched").GetInt64(), Is.EqualTo(_comes.Blob.Length));
    }

    private static string? Text(JsonElement layer, string property) => layer.GetProperty(property).GetString();
}
