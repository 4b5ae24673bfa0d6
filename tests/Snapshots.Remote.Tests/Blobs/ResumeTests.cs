using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Blobs;

/// <summary>What breaks off is continued where it broke off, as long as there is progress.</summary>
internal sealed class ResumeTests : RegistryTest
{
    private const int Small = 1_000_000, Large = 30_000_000;

    [Test]
    public async Task A_lost_connection_is_continued_by_a_range()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => registry.Requests.Count == 1 ? MirrorTests.BreakOffAsync(context, content.Bytes(content.Layers[0])) : answer();

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(registry.Requests.Select(request => request["Range"]), Is.EqualTo(new[] { null, $"bytes=100000-{Small - 1}" }));
    }

    [Test]
    public async Task A_server_that_ignores_ranges_is_read_again_up_to_where_it_broke_off()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => registry.Requests.Count == 1
            ? MirrorTests.BreakOffAsync(context, content.Bytes(content.Layers[0]))
            : BlobTests.IgnoringRanges(context, answer);

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
    }

    [Test]
    public async Task The_next_mirror_continues_what_another_one_began()
    {
        var content = TestContent.Of(Small);
        var (first, second) = (await StartAsync(content), await StartAsync(content));
        first.Behave = (context, _) => MirrorTests.BreakOffAsync(context, content.Bytes(content.Layers[0]));
        UseHosts(first, second);

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(second.Requests.Single()["Range"], Is.EqualTo($"bytes=100000-{Small - 1}"));
    }

    [Test]
    public async Task A_large_blob_survives_connections_that_are_lost_all_the_time()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);
        var count = 0;
        registry.Behave = async (context, answer) =>
        {
            // Every second answer is broken off in the middle.
            if (Interlocked.Increment(ref count) % 2 == 0 && context.Request.GetTypedHeaders().Range?.Ranges.Single() is { } range)
                await BreakOffAsync(context, content.Bytes(content.Layers[0]), (int)range.From!.Value, (int)range.To!.Value);
            else
                await answer();
        };

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
    }

    [TestCase(429, "1")]
    [TestCase(503, "0")]
    [TestCase(500, null)]
    [TestCase(408, null)]
    public async Task A_registry_that_is_busy_is_asked_again(int status, string? retryAfter)
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) =>
        {
            if (registry.Requests.Count > 2)
                return answer();

            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(registry.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Without_progress_the_last_failure_is_told_when_the_time_is_up()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        };
        Options = Options with { TimeWithoutProgress = TimeSpan.FromMilliseconds(200) };

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Unavailable, $"{registry.Address} answers 500 for blob {content.Layers[0].Digest} of {Repository}");
    }

    [Test]
    public async Task A_registry_that_is_down_is_told_with_its_host()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        await registry.DisposeAsync();
        Options = Options with { TimeWithoutProgress = TimeSpan.FromMilliseconds(200) };

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Unavailable, $"{registry.Address} cannot be reached: connection refused");
    }

    [Test]
    public async Task A_connection_that_sends_nothing_is_replaced()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => registry.Requests.Count == 1 ? BlobTests.NeverEnding(context, answer) : answer();
        Options = Options with { ConnectionTimeout = TimeSpan.FromMilliseconds(300) };

        await Assert.ThatAsync(() => ReadAsync(NewClient(), content.Layers[0]), Throws.TypeOf<RegistryException>().With.Property("Error").EqualTo(RegistryError.WrongDigest),
            "The first byte of the first answer was wrong.");
        Assert.That(Log.Text, Does.Contain($"{registry.Address} sent only 1 bytes in 0.3 s"));
    }

    [Test]
    public async Task A_registry_that_never_answers_is_given_up()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        Options = Options with { ConnectionTimeout = TimeSpan.FromMilliseconds(100), TimeWithoutProgress = TimeSpan.FromMilliseconds(300) };

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Unavailable, "sent nothing for 0.1 s");
    }

    [Test]
    public async Task A_drop_now_and_then_is_no_progress()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = async (context, _) =>
        {
            var from = context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0;
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{Small - 1}/{Small}");
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1]);
                await context.Response.Body.FlushAsync();
                await Task.Delay(20);
            }
        };
        Options = Options with { ConnectionTimeout = TimeSpan.FromMilliseconds(200), TimeWithoutProgress = TimeSpan.FromMilliseconds(600) };

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Unavailable, $"{registry.Address} sent only ");
    }

    [TestCase("bytes 5-9/1000000")]
    [TestCase("bytes 0-9/5")]
    [TestCase("bytes 0-2000000/*")]
    [TestCase("lines 0-9/10")]
    [TestCase("bytes */10")]
    [TestCase("")]
    public async Task A_part_that_was_not_asked_for_is_not_read(string range)
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) =>
        {
            context.Response.StatusCode = 206;
            if (range.Length > 0)
                context.Response.Headers.ContentRange = range;
            return context.Response.Body.WriteAsync(new byte[10]).AsTask();
        };

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Invalid, "answers with another part");
    }

    internal static async Task BreakOffAsync(HttpContext context, byte[] bytes, int from, int to)
    {
        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{bytes.Length}");
        context.Response.ContentLength = to + 1 - from;
        await context.Response.Body.WriteAsync(bytes.AsMemory(from, (to + 1 - from) / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
