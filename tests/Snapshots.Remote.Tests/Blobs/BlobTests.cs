using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Blobs;

/// <summary>Blobs arrive whole and right, in whatever pieces they come.</summary>
internal sealed class BlobTests : RegistryTest
{
    private const int Small = 300_000, Large = 30_000_000;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(Small)]
    [TestCase(8 << 20)]
    [TestCase((8 << 20) + 1)]
    [TestCase(Large)]
    public async Task A_blob_is_read_byte_for_byte(int size)
    {
        var content = TestContent.Of(size);
        await StartOnlyAsync(content);
        var client = NewClient();

        Assert.That(TestContent.Digest(await ReadAsync(client, content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(client.BuffersInUse, Is.Zero);
    }

    [Test]
    public async Task A_small_blob_takes_one_request_without_a_range()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);

        await ReadAsync(NewClient(), content.Layers[0]);

        Assert.That(registry.Requests, Has.Count.EqualTo(1));
        Assert.That(registry.Requests[0]["Range"], Is.Null);
    }

    [Test]
    public async Task A_large_blob_is_fetched_by_several_connections_at_once()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);
        var (atOnce, most) = (0, 0);
        registry.Behave = async (_, answer) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await answer();
            Interlocked.Decrement(ref atOnce);
        };

        // Nothing is read until all of them have come.
        await NewClient().ReadBlobAsync(Image, content.Layers[0], async (stream, token) =>
        {
            await stream.ReadExactlyAsync(new byte[1], token);
            await Eventually.TrueAsync(() => registry.Requests.Count == 4, "four requests");
            return await ReadAllAsync(stream, token);
        });

        Assert.That(registry.Requests.Select(request => request["Range"]), Is.EquivalentTo(new[]
        {
            "bytes=0-8388607", "bytes=8388608-16777215", "bytes=16777216-25165823", "bytes=25165824-29999999",
        }));
        Assert.That(most, Is.GreaterThan(1));
    }

    [TestCase(1)]
    [TestCase(4096)]
    [TestCase(1 << 20)]
    public async Task It_may_be_read_synchronously_and_in_any_pieces(int piece)
    {
        var content = TestContent.Of(piece == 1 ? Small : Large);
        await StartOnlyAsync(content);

        var bytes = await NewClient().ReadBlobAsync(Image, content.Layers[0], (stream, _) => Task.Run(() =>
        {
            using var all = new MemoryStream();
            stream.CopyTo(all, piece);
            return all.ToArray();
        }));

        Assert.That(TestContent.Digest(bytes), Is.EqualTo(content.Layers[0].Digest));
    }

    [Test]
    public async Task A_server_that_ignores_ranges_sends_all_at_once()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);
        registry.Behave = IgnoringRanges;

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(registry.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_may_send_less_than_it_was_asked_for()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) =>
        {
            // At most 1,000,000 bytes an answer.
            var range = context.Request.GetTypedHeaders().Range?.Ranges.Single();
            if (range is not null)
                context.Request.Headers.Range = $"bytes={range.From}-{Math.Min(range.From!.Value + 999_999, range.To!.Value)}";
            return answer();
        };

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
    }

    [Test]
    public async Task Many_large_blobs_share_the_buffers_and_all_arrive()
    {
        var content = TestContent.Of([.. Enumerable.Range(0, 12).Select(layer => 10_000_000 + layer)]);
        await StartOnlyAsync(content);
        Options = Options with { MaxMemory = 1 << 20, MaxConnections = 8 };
        var client = NewClient();

        var read = await Eventually.Within(Task.WhenAll(content.Layers.Select(layer => ReadAsync(client, layer))));

        Assert.That(read.Select(bytes => TestContent.Digest(bytes)), Is.EqualTo(content.Layers.Select(layer => layer.Digest)));
        Assert.That(client.BuffersInUse, Is.Zero);
    }

    [Test]
    public async Task A_blob_that_nobody_reads_on_does_not_hold_up_others()
    {
        var content = TestContent.Of(Large, Large + 1, Small);
        await StartOnlyAsync(content);
        Options = Options with { MaxMemory = 1 << 20 };
        var client = NewClient();
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        var slow = client.ReadBlobAsync(Image, content.Layers[0], async (stream, token) =>
        {
            await stream.ReadExactlyAsync(new byte[1], token);
            begun.SetResult();
            await goOn.Task;
            return await ReadAllAsync(stream, token);
        });
        await Eventually.Within(begun.Task);
        await Eventually.Within(Task.WhenAll(content.Layers.Skip(1).Select(layer => ReadAsync(client, layer))));
        goOn.SetResult();

        Assert.That(await Eventually.Within(slow), Has.Length.EqualTo(Large - 1));
    }

    [Test]
    public async Task A_reader_that_returns_early_gets_its_result_only_for_right_bytes()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);
        var client = NewClient();

        Assert.That(await client.ReadBlobAsync(Image, content.Layers[0], (_, _) => Task.FromResult("first")), Is.EqualTo("first"));

        registry.Falsify(content.Layers[0].Digest, [.. content.Bytes(content.Layers[0])[..^1], 0]);
        await FailsAsync(() => client.ReadBlobAsync(Image, content.Layers[0], (_, _) => Task.FromResult("second")), RegistryError.WrongDigest, "sha256:");
    }

    [Test]
    public async Task An_exception_of_the_reader_is_thrown_if_the_bytes_are_right()
    {
        var content = TestContent.Of(Small);
        await StartOnlyAsync(content);

        await Assert.ThatAsync(
            () => NewClient().ReadBlobAsync<int>(Image, content.Layers[0], (_, _) => throw new InvalidDataException("not a layer")),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("not a layer"));
    }

    [Test]
    public async Task Cancellation_ends_a_download_in_the_middle()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);
        registry.Behave = NeverEnding;
        using var cancel = new CancellationTokenSource();
        var client = NewClient();

        var reading = client.ReadBlobAsync(Image, content.Layers[0], async (stream, token) =>
        {
            await stream.ReadExactlyAsync(new byte[1], token);
            await cancel.CancelAsync();
            return await ReadAllAsync(stream, token);
        }, cancel.Token);

        await Assert.ThatAsync(() => Eventually.Within(reading), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(client.BuffersInUse, Is.Zero);
    }

    [Test]
    public async Task A_readers_own_token_ends_its_waiting()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = NeverEnding;
        using var own = new CancellationTokenSource();

        var reading = NewClient().ReadBlobAsync(Image, content.Layers[0], async (stream, _) =>
        {
            await stream.ReadExactlyAsync(new byte[1], own.Token);
            own.CancelAfter(1);
            return await ReadAllAsync(stream, own.Token);
        });

        await Assert.ThatAsync(() => Eventually.Within(reading), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Sha512_is_checked_as_well()
    {
        var content = TestContent.Of(Small);
        var bytes = content.Bytes(content.Layers[0]);
        Assert.That(SnapshotDigest.TryParse($"sha512:{Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData(bytes))}", out var digest));
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) => context.Response.Body.WriteAsync(bytes).AsTask();

        Assert.That(await ReadAsync(NewClient(), content.Layers[0] with { Digest = digest! }), Is.EqualTo(bytes));
        await FailsAsync(() => ReadAsync(NewClient(), new("", Wrong(digest!), Small)), RegistryError.WrongDigest, digest!.ToString());
    }

    internal static Task IgnoringRanges(HttpContext context, Func<Task> answer)
    {
        context.Request.Headers.Remove("Range");
        return answer();
    }

    // Sends one byte, and no more.
    internal static async Task NeverEnding(HttpContext context, Func<Task> answer)
    {
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single() is { } range)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {range.From}-{range.To}/{Large}";
        }

        await context.Response.Body.WriteAsync(new byte[1]);
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static SnapshotDigest Wrong(SnapshotDigest digest) =>
        SnapshotDigest.TryParse($"{digest.Algorithm}:{new string('0', digest.Hex.Length)}", out var wrong) ? wrong : throw new InvalidOperationException();
}
