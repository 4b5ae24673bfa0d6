using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Erofs.Lazy;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Lazy;

/// <summary>What lasts of a lazy image: kills, stops of the machine, damaged files, full disks.</summary>
internal sealed class LazyStateTests
{
    private const int Chunk = 64 << 10;

    [Test]
    public async Task Stored_chunks_are_not_fetched_again()
    {
        await using var layer = TestLayer.Create([20 * Chunk], options: new() { MaxRunLength = 1 });
        await layer.ReadAsync(layer.Chunks[3].Offset, 4 * Chunk);

        await layer.ReopenAsync(new() { Boot = OtherBoot });
        Assert.That(layer.Image.StoredChunkCount, Is.EqualTo(4));
        Assert.That(await layer.ReadAsync(layer.Chunks[3].Offset, 4 * Chunk), Is.EqualTo(layer.Expected(layer.Chunks[3].Offset, 4 * Chunk)));
        Assert.That(layer.Source.Calls, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_killed_process_loses_nothing()
    {
        await using var layer = TestLayer.Create([20 * Chunk], options: new() { MaxRunLength = 1 });
        await layer.ReadAsync(layer.Chunks[3].Offset, 4 * Chunk);

        await KillAndOpenAsync(layer, new());

        Assert.That(layer.Image.StoredChunkCount, Is.EqualTo(4));
        Assert.That(await layer.ReadAsync(layer.Chunks[3].Offset, 4 * Chunk), Is.EqualTo(layer.Expected(layer.Chunks[3].Offset, 4 * Chunk)));
        Assert.That(layer.Source.Calls, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task After_a_stop_of_the_machine_synced_chunks_are_verified_when_they_are_read()
    {
        await using var layer = TestLayer.Create([20 * Chunk], options: new() { MaxRunLength = 1 });
        await layer.ReadAsync(layer.Chunks[3].Offset, 4 * Chunk);
        await layer.Image.SyncAsync();
        await layer.ReadAsync(layer.Chunks[10].Offset, 2 * Chunk); // Never synced.

        await KillAndOpenAsync(layer, new() { Boot = OtherBoot, MaxRunLength = 1 });
        Damage(layer, layer.Chunks[4]);
        Assert.That(layer.Image.StoredChunkCount, Is.Zero);

        Assert.That(await layer.ReadAsync(layer.Chunks[3].Offset, 4 * Chunk), Is.EqualTo(layer.Expected(layer.Chunks[3].Offset, 4 * Chunk)));
        Assert.That(layer.Source.Calls.Skip(6).Select(call => call.Chunks.Single()), Is.EqualTo([layer.Chunks[4]]), "only the damaged one is fetched again");
        await layer.ReadAsync(layer.Chunks[10].Offset, 2 * Chunk);
        Assert.That(layer.Source.Calls, Has.Count.EqualTo(9), "those that were not synced are fetched again");
    }

    [Test]
    public async Task A_suspect_stays_one_when_the_process_is_killed_again()
    {
        await using var layer = TestLayer.Create([8 * Chunk]);
        await layer.ReadAsync(layer.Chunks[0].Offset, 8 * Chunk);
        await layer.Image.SyncAsync();

        await KillAndOpenAsync(layer, new() { Boot = OtherBoot });
        await KillAndOpenAsync(layer, new() { Boot = OtherBoot });
        await layer.ReopenAsync();
        Damage(layer, layer.Chunks[4]);

        await layer.AssertWholeAsync();
        Assert.That(layer.Image.IsComplete, Is.True);
    }

    [Test]
    public async Task A_damaged_table_is_refused()
    {
        await using var layer = TestLayer.Create([300 * 100], chunkLength: 100);
        await layer.CloseAsync();
        var path = layer.Path + ".chunks";
        var bytes = await File.ReadAllBytesAsync(path);
        var random = new Random(3);

        Assert.Multiple(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                var damaged = bytes.ToArray();
                damaged[i < 64 ? i : random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, i % 10 == 9 ? bytes[..random.Next(bytes.Length)] : damaged);
                Assert.That(() => layer.Open(), Throws.InstanceOf<InvalidDataException>());
            }
        });
    }

    [Test]
    public async Task Damaged_notes_of_what_is_stored_show_no_wrong_byte()
    {
        var random = new Random(4);
        for (var i = 0; i < 30; i++)
        {
            await using var layer = TestLayer.Create([5 * Chunk]);
            await layer.ReadAsync(layer.Chunks[i % 5].Offset, Chunk);
            await layer.CloseAsync();
            var path = layer.Path + ".present";
            var bytes = await File.ReadAllBytesAsync(path);
            var damaged = bytes.ToArray();
            damaged[random.Next(48)] ^= (byte)(1 << random.Next(8)); // What says whose bits these are.
            await File.WriteAllBytesAsync(path, i % 5 == 4 ? bytes[..random.Next(bytes.Length)] : damaged);
            Damage(layer, layer.Chunks[i % 5]);

            layer.Open(new() { Boot = OtherBoot });
            await layer.AssertWholeAsync();
        }
    }

    [Test]
    public async Task An_image_of_another_length_is_refused()
    {
        await using var layer = TestLayer.Create([Chunk]);
        await layer.CloseAsync();
        await using (var file = File.OpenWrite(layer.Path))
            file.SetLength(Chunk);

        Assert.That(() => layer.Open(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("its table of chunks says"));
    }

    [TestCase(0, 10, 0, 10, 5, "begins before the previous one ends")]
    [TestCase(1 << 20, 10, 0, 10, 0, "ends behind the image")]
    [TestCase(4096, 0, 0, 10, 0, "a chunk has 0 bytes")]
    [TestCase(4096, int.MaxValue, 0, 10, 0, "bytes, and 1 to")]
    [TestCase(4096, 10, -1, 10, 0, "impossible place")]
    [TestCase(4096, 10, 10, 10, 0, "impossible place")]
    [TestCase(4096, 10, 0, 10, -1, "impossible place")]
    public async Task Chunks_that_cannot_be(long offset, int length, long from, long to, long inner, string words)
    {
        await using var layer = TestLayer.Create([Chunk]);
        await layer.CloseAsync();
        LazyChunk[] chunks = [new(0, 100, 0, 100, 0, default), new(offset, length, from, to, inner, default)];

        Assert.That(() => LazyImage.Create(layer.Path, chunks, layer.Source), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(words));
    }

    [Test]
    public async Task A_complete_image_is_a_plain_one()
    {
        await using var layer = TestLayer.Create([5, Chunk, 3 * Chunk]);
        Assert.That(() => layer.Image.CompleteAsync(), Throws.InvalidOperationException.With.Message.Contains("0 of 5 chunks"));

        await layer.Image.FetchAsync(0, layer.Image.Length);
        await layer.Image.CompleteAsync();
        await layer.CloseAsync();
        LazyImage.RemoveState(layer.Path);

        Assert.That(await File.ReadAllBytesAsync(layer.Path), Is.EqualTo(layer.Whole));
        Assert.That(LazyImage.Exists(layer.Path), Is.False);
    }

    [Test]
    [Category("Root")]
    public async Task A_full_disk_answers_from_memory()
    {
        using var disk = MountedDisk.Tmpfs("size=16m");
        await using var layer = TestLayer.Create([100 * Chunk, 100 * Chunk, 100 * Chunk, 100 * Chunk], parent: disk.Path);

        await layer.AssertWholeAsync();
        Assert.That(await layer.ReadAsync(layer.Chunks[^1].Offset + 5, 100), Is.EqualTo(layer.Expected(layer.Chunks[^1].Offset + 5, 100)));
        Assert.That(layer.Image.GetCounters().UnstoredChunks, Is.Positive);
        Assert.That(layer.Image.IsComplete, Is.False);
    }

    private const string OtherBoot = "00000000-0000-0000-0000-000000000000";

    // The files as they are now, opened as after a kill: nothing was closed in an orderly way.
    private static async Task KillAndOpenAsync(TestLayer layer, LazyImageOptions options)
    {
        var present = await ReadOpenAsync(layer.Path + ".present");
        await layer.CloseAsync();
        await File.WriteAllBytesAsync(layer.Path + ".present", present);
        layer.Open(options);
    }

    private static async Task<byte[]> ReadOpenAsync(string path)
    {
        var copy = path + ".copy";
        (await Command.RunAsync(["cp", path, copy])).AssertSucceeded(); // .NET's locks do not bind others.
        return await File.ReadAllBytesAsync(copy);
    }

    private static void Damage(TestLayer layer, LazyChunk chunk)
    {
        using var file = File.OpenHandle(layer.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, [1, 2, 3, 4, 5, 6, 7, 8], chunk.Offset + 17);
    }
}
