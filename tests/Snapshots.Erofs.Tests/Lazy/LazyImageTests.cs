using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Lazy;

/// <summary>Reads of images whose chunks are fetched when they are needed.</summary>
internal sealed class LazyImageTests
{
    private const int Chunk = 64 << 10;

    [Test]
    public async Task Reads_are_those_of_the_whole_image()
    {
        await using var layer = TestLayer.Create([100, 300_000, 0, 4096, 1, 200_000, 65536]);
        var random = new Random(2);

        for (var i = 0; i < 200; i++)
        {
            var (offset, length) = (random.NextInt64(layer.Image.Length + 10), random.Next(100_000));
            Assert.That((await layer.ReadAsync(offset, length)).AsSpan().SequenceEqual(layer.Expected(offset, length)), Is.True, $"{length} bytes at {offset}");
        }

        await layer.AssertWholeAsync();
        Assert.That((layer.Image.IsComplete, layer.Image.StoredChunkCount), Is.EqualTo((true, layer.Chunks.Count)));
    }

    [Test]
    public async Task A_chunk_is_fetched_once_however_many_ask()
    {
        await using var layer = TestLayer.Create([10 * Chunk]);
        var gate = new TaskCompletionSource();
        layer.Source.Gate = gate.Task;

        var reads = Enumerable.Range(0, 50).Select(i => layer.ReadAsync(layer.Chunks[i % 10].Offset, 100)).ToList();
        gate.SetResult();
        await Task.WhenAll(reads);

        var fetched = layer.Source.Calls.SelectMany(call => call.Chunks).ToList();
        Assert.That(fetched, Is.Unique);
        Assert.That(layer.Image.GetCounters(), Has.Property("Waits").EqualTo(50).And.Property("VerifiedChunks").EqualTo(10));
    }

    [Test]
    public async Task A_run_has_as_many_compressed_bytes_as_allowed()
    {
        await using var layer = TestLayer.Create([40 * Chunk], options: new() { MaxRunLength = 10 * Chunk });

        await layer.ReadAsync(layer.Chunks[0].Offset, 10);
        await layer.ReadAsync(layer.Chunks[35].Offset, 10);
        await layer.ReadAsync(layer.Chunks[30].Offset, 10);

        Assert.That(layer.Source.Calls.Select(call => call.Chunks.Count), Is.EqualTo([10, 5, 5]));
    }

    [Test]
    public async Task A_chunk_longer_than_a_run_is_fetched_alone()
    {
        await using var layer = TestLayer.Create([3 * Chunk], options: new() { MaxRunLength = 100 });

        Assert.That(await layer.ReadAsync(layer.Chunks[0].Offset, 3 * Chunk), Is.EqualTo(layer.Files["file0000"]));
        Assert.That(layer.Source.Calls.Select(call => call.Chunks.Count), Is.EqualTo([1, 1, 1]));
    }

    [Test]
    public async Task A_wrong_digest_is_asked_of_another_mirror()
    {
        await using var layer = TestLayer.Create([4 * Chunk]);
        layer.Source.Change = (call, chunk, content) => call == 0 && chunk == layer.Chunks[1] ? Flipped(content) : content;

        Assert.That(await layer.ReadAsync(layer.Chunks[1].Offset, Chunk), Is.EqualTo(layer.Expected(layer.Chunks[1].Offset, Chunk)));
        Assert.That(layer.Source.Calls.Select(call => (call.Chunks.Count, call.Request)), Is.EqualTo([(3, new(ChunkCause.Read)), (1, new ChunkRequest(ChunkCause.Read, AvoidsLastMirror: true))]));
        Assert.That(layer.Image.GetCounters().WrongChunks, Is.EqualTo(1));
    }

    [Test]
    public async Task Wrong_bytes_are_never_shown_and_later_reads_try_again()
    {
        var failures = new List<(LazyChunk Chunk, Exception Exception)>();
        await using var layer = TestLayer.Create([4 * Chunk], options: new() { Failed = (chunk, exception) => failures.Add((chunk, exception)) });
        var wrong = layer.Chunks[2];
        layer.Source.Change = (_, chunk, content) => chunk == wrong ? Flipped(content) : content;

        Assert.That(() => layer.ReadAsync(wrong.Offset, 10), Throws.InstanceOf<IOException>().With.Message.Contains("wrong digest"));
        Assert.That(failures.Single(), Is.EqualTo((wrong, failures[0].Exception)));
        Assert.That(await layer.ReadAsync(layer.Chunks[0].Offset, 2 * Chunk), Is.EqualTo(layer.Expected(layer.Chunks[0].Offset, 2 * Chunk)));

        layer.Source.Change = null;
        Assert.That(await layer.ReadAsync(wrong.Offset, 10), Is.EqualTo(layer.Expected(wrong.Offset, 10)));
        Assert.That(layer.Image.GetCounters(), Has.Property("WrongChunks").EqualTo(3).And.Property("FailedReads").EqualTo(1));
    }

    [Test]
    public async Task Chunks_of_a_wrong_length_or_none_at_all_are_wrong()
    {
        await using var layer = TestLayer.Create([2 * Chunk]);
        layer.Source.Change = (_, chunk, content) => chunk == layer.Chunks[0] ? content[1..] : (ReadOnlyMemory<byte>?)null;

        Assert.That(() => layer.ReadAsync(layer.Chunks[0].Offset, 1), Throws.InstanceOf<IOException>());
        Assert.That(() => layer.ReadAsync(layer.Chunks[1].Offset, 1), Throws.InstanceOf<IOException>().With.Message.Contains("did not supply"));
    }

    [Test]
    public async Task Readers_wait_while_the_registry_is_away()
    {
        await using var layer = TestLayer.Create([Chunk], options: new() { RetryDelay = TimeSpan.FromMilliseconds(1) });
        layer.Source.Fault = call => call switch { < 3 => new HttpRequestException("away"), < 6 => new IOException("away"), 6 => new TaskCanceledException("slow"), _ => null };

        Assert.That(await layer.ReadAsync(layer.Chunks[0].Offset, Chunk), Is.EqualTo(layer.Files["file0000"]));
        Assert.That(layer.Source.Calls, Has.Count.EqualTo(8));
    }

    [Test]
    public async Task A_reader_waits_no_longer_than_the_limit()
    {
        await using var layer = TestLayer.Create([Chunk], options: new() { ReadTimeout = TimeSpan.FromMilliseconds(20) });
        layer.Source.Gate = new TaskCompletionSource().Task;

        Assert.That(() => layer.ReadAsync(layer.Chunks[0].Offset, 1), Throws.InstanceOf<IOException>());

        layer.Source.Gate = Task.CompletedTask;
        await layer.ReopenAsync();
        Assert.That(await layer.ReadAsync(layer.Chunks[0].Offset, 1), Is.EqualTo(layer.Files["file0000"][..1]));
    }

    [Test]
    public async Task A_fetch_that_nobody_waits_for_is_given_up()
    {
        await using var layer = TestLayer.Create([Chunk]);
        layer.Source.Gate = new TaskCompletionSource().Task;
        using var canceled = new CancellationTokenSource();

        var first = layer.Image.ReadAsync(layer.Chunks[0].Offset, new byte[1], canceled.Token).AsTask();
        var second = layer.ReadAsync(layer.Chunks[0].Offset, 1);
        await canceled.CancelAsync();
        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(second.IsCompleted, Is.False);

        await layer.CloseAsync();
        Assert.That(() => second, Throws.InstanceOf<Exception>());
    }

    [Test]
    public async Task Chunks_fetched_ahead_need_no_waiting()
    {
        await using var layer = TestLayer.Create([100 * Chunk]);

        await layer.Image.FetchAsync(0, long.MaxValue);

        await layer.AssertWholeAsync();
        Assert.That(layer.Image.GetCounters(), Has.Property("Hits").EqualTo(1).And.Property("Waits").EqualTo(0).And.Property("AheadBytes").EqualTo(100 * Chunk));
    }

    [Test]
    public async Task A_fetch_ahead_fails_without_waiting_for_better_times()
    {
        await using var layer = TestLayer.Create([Chunk]);
        layer.Source.Fault = _ => new IOException("away");

        Assert.That(() => layer.Image.FetchAsync(0, Chunk * 2, ChunkCause.Background), Throws.InstanceOf<IOException>().With.Message.EqualTo("away"));
        Assert.That(layer.Source.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_refused_image_shows_nothing_any_more()
    {
        await using var layer = TestLayer.Create([2 * Chunk]);
        await layer.ReadAsync(layer.Chunks[0].Offset, 2 * Chunk);
        layer.Image.Refuse("its table lies");

        Assert.That(() => layer.ReadAsync(0, 10), Throws.InstanceOf<IOException>().With.Message.Contains("its table lies"));
        Assert.That(() => layer.Image.CompleteAsync(), Throws.InvalidOperationException);

        await layer.ReopenAsync();
        Assert.That(() => layer.ReadAsync(0, 10), Throws.InstanceOf<IOException>().With.Message.Contains("its table lies"));
    }

    [Test]
    public async Task A_refusal_ends_reads_that_wait()
    {
        await using var layer = TestLayer.Create([Chunk]);
        layer.Source.Gate = new TaskCompletionSource().Task;
        var read = layer.ReadAsync(layer.Chunks[0].Offset, 10);

        layer.Image.Refuse("its table lies");

        Assert.That(() => read, Throws.InstanceOf<IOException>().With.Message.Contains("its table lies"));
    }

    [Test]
    public async Task Many_readers_and_a_background_at_once()
    {
        await using var layer = TestLayer.Create([.. Enumerable.Range(0, 300).Select(i => i * 397 % 90_000)], chunkLength: 10_000, options: new() { RetryDelay = TimeSpan.FromMilliseconds(1) });
        layer.Source.Change = (call, _, content) => call % 7 == 0 ? Flipped(content) : content;
        layer.Source.Fault = call => call % 11 == 0 ? new IOException("away") : null;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 60; i++)
            {
                var (offset, length) = (random.NextInt64(layer.Image.Length), random.Next(50_000));
                try
                {
                    Assert.That((await layer.ReadAsync(offset, length)).AsSpan().SequenceEqual(layer.Expected(offset, length)), Is.True);
                }
                catch (IOException)
                {
                    // Two wrong answers in sequence.
                }
            }
        })));
        layer.Source.Change = null;
        layer.Source.Fault = null;

        await layer.AssertWholeAsync();
        await layer.Image.CompleteAsync();
        Assert.That(await File.ReadAllBytesAsync(layer.Path), Is.EqualTo(layer.Whole));
    }

    private static ReadOnlyMemory<byte> Flipped(ReadOnlyMemory<byte> content)
    {
        var copy = content.ToArray();
        copy[copy.Length / 2] ^= 1;
        return copy;
    }
}
