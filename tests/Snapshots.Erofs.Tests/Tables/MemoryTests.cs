using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>What laying out a layer takes of the heap.</summary>
internal sealed class MemoryTests
{
    private static readonly ErofsLayerOptions Options = new() { Syncs = false };

    [Test]
    public async Task Fifty_thousand_entries_in_little_memory()
    {
        var layer = new LazyLayerBuilder(LayerTableKind.EStargz) { ChunksInMember = 50_000 };
        for (var i = 0; i < 50_000; i++)
            layer.File($"usr/lib/directory/{i / 100}/{i}", "c", attributes: i % 10 == 0 ? [("user.a", "b")] : null);
        var built = layer.Build();
        var table = built.Table();

        var whole = await AllocatedAsync(image => ErofsLayer.WriteAsync(new MemoryStream(built.Blob), image, Options));
        var lazy = await AllocatedAsync(image => LazyLayer.WriteAsync(table, built.OpenAsync, image, Options));

        // Most of both is the tree of the files.
        TestContext.Out.WriteLine($"whole: {whole >> 10} KiB, by its table: {lazy >> 10} KiB");
        Assert.That(lazy - whole, Is.LessThan(10 << 20));
    }

    private static async Task<long> AllocatedAsync(Func<FileStream, Task> write)
    {
        var allocated = 0L;
        for (var i = 0; i < 2; i++) // The second time all is compiled.
        {
            await using var image = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await write(image);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        return allocated;
    }
}
