using System.Globalization;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Lazy.Filling;

/// <summary>A registry, or what is between, changes bytes now and then.</summary>
internal sealed class FlippedByteTests : LazyLayerTest
{
    private const int Large = 3_000_000, OneOf = 3;

    private static readonly int Flips =
        int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_LAZY_FLIPS"), CultureInfo.InvariantCulture, out var flips) ? flips : 10;

    protected override IReadOnlyList<string> Options => ["--lazy-from", "*", "--read-timeout", "00:00:05"];

    [Test]
    public async Task Containers_never_read_a_wrong_byte()
    {
        var random = new Random(7);
        int flipped = 0, right = 0, failed = 0;
        for (var round = 0; flipped < Flips; round++)
        {
            var kind = round % 2 == 0 ? LayerTableKind.EStargz : LayerTableKind.ZstdChunked;
            var name = $"round{round}";
            var layer = TestLayer.Lazy(kind, name, Large);
            var image = await PushAsync($"test/{name}:1", layer);
            var flips = Faults.FlipSometimes(random, OneOf, () => Interlocked.Increment(ref flipped));
            BreakParts(layer, round % 4 < 2 ? flips : null); // Also in the table.
            await PullAsync(image);
            BreakParts(layer, flips);
            var read = await Node.Containerd.CtrAsync("run", "--rm", Reference(image), name, "/bin/busybox", "sha256sum", $"/data/{name}");
            if (read.ExitCode == 0)
                Assert.That(read.Lines, Is.EqualTo(new[] { HashOf(name, Large) }), $"round {round}");
            else
                Assert.That(read.ToString(), Does.Contain("Input/output error"), $"round {round}");

            _ = read.ExitCode == 0 ? right++ : failed++;
            await RemoveAsync(image);
        }

        await TestContext.Out.WriteLineAsync($"{flipped} flipped bytes: {right} containers read all right, {failed} got an error");
        Assert.That(right, Is.Positive);
    }

    [Test]
    public async Task Wrong_byte_in_the_pass_over_the_whole_layer_fails_no_read()
    {
        var (image, layer) = await PushLazyAsync();
        Node.Hostile.Break(layer.Digest, Faults.Of(whole: Faults.WrongByteAt(Size / 2)));
        await PullAsync(image);
        await Eventually.TrueAsync(() => Task.FromResult(Node.Snapshotter.Log.Contains($"the blob {layer.Digest} of", StringComparison.Ordinal)), "the pass has failed");

        Assert.That(await HashAsync(image), Is.EqualTo(RightHash));
        Assert.That(await StateAsync(layer), Is.EqualTo("Lazy"));
    }
}
