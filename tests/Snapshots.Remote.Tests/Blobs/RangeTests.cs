using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Blobs;

/// <summary>Parts of blobs are asked for as parts, from one host after the other.</summary>
internal sealed class RangeTests : RegistryTest
{
    private const int Small = 300_000, Large = 30_000_000;

    [TestCase(0, 1)]
    [TestCase(1000, 2000)]
    [TestCase(0, Small)]
    [TestCase(Small - 1, Small)]
    public async Task A_part_is_asked_for_by_one_request(int start, int end)
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);

        Assert.That(await ReadAsync(content, new(start, end)), Is.EqualTo(Part(content, start, end)));
        Assert.That(registry.Requests.Single()["Range"], Is.EqualTo(end - start == Small ? null : $"bytes={start}-{end - 1}"));
    }

    [Test]
    public async Task A_large_part_is_fetched_by_several_connections_and_nothing_behind_it()
    {
        var content = TestContent.Of(Large);
        var registry = await StartOnlyAsync(content);

        Assert.That(await ReadAsync(content, new(5_000, 25_000_000)), Is.EqualTo(Part(content, 5_000, 25_000_000)));
        Assert.That(registry.Requests.Max(request => long.Parse(request["Range"]!.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(24_999_999));
    }

    [Test]
    public async Task Nothing_is_asked_before_the_first_read()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);

        await NewClient().OpenBlobRange(Image, content.Layers[0], new(0, 10)).DisposeAsync();

        Assert.That(registry.Requests, Is.Empty);
    }

    [Test]
    public async Task A_lost_connection_is_continued_and_busy_hosts_are_asked_again()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, answer) => registry.Requests.Count switch
        {
            1 => Status(context, 503),
            2 => ResumeTests.BreakOffAsync(context, content.Bytes(content.Layers[0]), 1000, 200_999),
            _ => answer(),
        };

        Assert.That(await ReadAsync(content, new(1000, 201_000)), Is.EqualTo(Part(content, 1000, 201_000)));
        Assert.That(registry.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_host_that_sends_all_instead_is_replaced_by_the_next_one()
    {
        var content = TestContent.Of(Small);
        var (first, second) = (await StartAsync(content), await StartAsync(content));
        first.Behave = BlobTests.IgnoringRanges;
        UseHosts(first, second);

        Assert.That(await ReadAsync(content, new(1000, 2000)), Is.EqualTo(Part(content, 1000, 2000)));
    }

    [Test]
    public async Task Without_another_host_the_reason_is_said()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = BlobTests.IgnoringRanges;

        var exception = await Assert.ThrowsAsync<IOException>(() => ReadAsync(content, new(1000, 2000)));

        Assert.That(exception!.InnerException, Is.InstanceOf<RegistryException>());
        Assert.That(exception.Message, Does.Contain("instead of a part"));
    }

    [Test]
    public async Task The_host_that_sent_the_latest_part_is_avoided()
    {
        var content = TestContent.Of(Small);
        var (first, second) = (await StartAsync(content), await StartAsync(content));
        UseHosts(first, second);
        var client = NewClient();

        await ReadAsync(content, new(0, 1000), client);
        await ReadAsync(content, new(0, 1000) { AvoidsLastHost = true }, client);
        await ReadAsync(content, new(0, 1000) { AvoidsLastHost = true }, client);
        await ReadAsync(content, new(0, 1000), client);

        Assert.That((first.Requests.Count, second.Requests.Count), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task A_canceled_read_ends()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var canceled = new CancellationTokenSource();
        await using var part = NewClient().OpenBlobRange(Image, content.Layers[0], new(0, 1000));

        var read = part.ReadAsync(new byte[10], canceled.Token);
        await canceled.CancelAsync();

        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(-1, 5)]
    [TestCase(5, 5)]
    [TestCase(5, 4)]
    [TestCase(0, Small + 1)]
    public void A_part_that_the_blob_does_not_have(int start, int end) =>
        Assert.That(() => NewClient().OpenBlobRange(Image, TestContent.Of(Small).Layers[0], new(start, end)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private async Task<byte[]> ReadAsync(TestContent content, BlobRange range, RegistryClient? client = null)
    {
        await using var part = (client ?? NewClient()).OpenBlobRange(Image, content.Layers[0], range);
        return await ReadAllAsync(part, default);
    }

    private static byte[] Part(TestContent content, int start, int end) => content.Bytes(content.Layers[0])[start..end];

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
