using System.IO.Compression;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Containerd;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Hostile;

/// <summary>
/// Layers that were changed at random are read or refused, and nothing else. SNAPSHOTS_EROFS_LAYERS is their number.
/// </summary>
internal sealed class MutationTests
{
    private const int Checked = 50, MostMemory = 256 << 20;

    private static readonly ErofsLayerOptions Options = new() { Syncs = false, MaxSize = 32 << 20, MaxFiles = 20_000, MaxMemory = 32 << 20 };

    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("SNAPSHOTS_EROFS_LAYERS"), out var count) ? count : 4_000;

    [Test]
    public async Task Changed_layers_are_read_or_refused()
    {
        var archives = StrangeLayers.All().Select(each => each.Archive).Where(each => each.Length > 0).ToList();
        var path = Path.GetTempFileName();
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < Count; seed++)
        {
            try
            {
                await using (var image = File.Create(path))
                    await ErofsLayer.WriteAsync(new MemoryStream(Layer(new(seed), archives)), image, Options);

                if (read++ % Checked == 0)
                    await CheckAsync(path, seed);
            }
            catch (InvalidDataException exception)
            {
                Assert.That(exception.Message, Has.Length.InRange(20, 1000), $"seed {seed}");
                refused++;
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                Assert.Fail($"seed {seed}: {exception}");
            }
        }

        File.Delete(path);
        Assert.Multiple(() =>
        {
            Assert.That(read, Is.GreaterThan(Count / 10), "layers that were read");
            Assert.That(refused, Is.GreaterThan(Count / 10), "layers that were refused");
            Assert.That(GC.GetTotalMemory(forceFullCollection: true), Is.LessThan(MostMemory));
        });
    }

    private static byte[] Layer(Mutator mutator, IReadOnlyList<byte[]> archives)
    {
        var archive = mutator.MutateArchive(archives);
        if (mutator.IsOneIn(4))
            return mutator.Mutate(Gzip(archive));
        if (mutator.IsOneIn(4))
            return mutator.Mutate(Zstd(archive));

        return archive;
    }

    private static async Task CheckAsync(string image, int seed)
    {
        if (!File.Exists("/usr/bin/fsck.erofs"))
            return;

        var check = await Command.RunAsync(["fsck.erofs", image]);
        Assert.That(check.ExitCode, Is.Zero, $"seed {seed}: {check.Output}{check.Error}");
    }

    private static byte[] Gzip(byte[] archive)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(archive);

        return compressed.ToArray();
    }

    private static byte[] Zstd(byte[] archive)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(archive).ToArray();
    }
}
