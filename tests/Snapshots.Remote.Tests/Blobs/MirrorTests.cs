using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Blobs;

/// <summary>Mirrors are asked in turn, and none of them can make a blob wrong.</summary>
internal sealed class MirrorTests : RegistryTest
{
    private const int Small = 300_000, Large = 30_000_000;

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    [TestCase(418)]
    public async Task A_mirror_that_fails_is_replaced_by_the_next_host(int status)
    {
        var content = TestContent.Of(Small);
        var (mirror, upstream) = (await StartAsync(), await StartAsync(content));
        mirror.Behave = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        UseHosts(mirror, upstream);

        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(mirror.BlobRequests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_mirror_that_is_down_is_asked_last_the_next_time()
    {
        var content = TestContent.Of(Small, Small + 1);
        var (mirror, upstream) = (await StartAsync(), await StartAsync(content));
        UseHosts(mirror, upstream);
        await mirror.DisposeAsync();
        var client = NewClient();

        await ReadAsync(client, content.Layers[0]);
        Log.Clear();
        await ReadAsync(client, content.Layers[1]);

        Assert.That(Log.Text, Is.Empty);
    }

    [Test]
    public async Task Mirrors_are_told_the_registrys_name_and_the_registry_is_not()
    {
        var content = TestContent.Of(Small);
        var (mirror, upstream) = (await StartAsync(), await StartAsync(content));
        var reference = Reference($"{upstream.Address}/{Repository}:latest");
        WriteHosts($"""
            server = "{upstream.Url}"
            [host."{mirror.Url}"]
            """, upstream.Address);

        await NewClient().ResolveAsync(reference);

        Assert.That(mirror.Requests.Single().Query, Is.EqualTo($"?ns={Uri.EscapeDataString(upstream.Address)}"));
        Assert.That(upstream.Requests.Single().Query, Is.Empty);
    }

    [Test]
    public async Task A_mirror_without_the_capability_is_not_asked_for_a_tag()
    {
        var content = TestContent.Of(Small);
        var (mirror, upstream) = (await StartAsync(content), await StartAsync(content));
        WriteHosts($"""
            server = "{upstream.Url}"
            [host."{mirror.Url}"]
              capabilities = ["pull"]
            """);
        var client = NewClient();

        var resolved = await client.ResolveAsync(Image);
        await ReadAsync(client, resolved.Manifest.Layers[0]);

        Assert.That(mirror.Requests.Select(request => request.Path), Is.EqualTo(new[] { $"/v2/{Repository}/blobs/{content.Layers[0].Digest}" }));
    }

    [TestCase(Small)]
    [TestCase(Large)]
    public async Task Wrong_bytes_are_read_anew_from_the_next_host_and_the_first_is_not_asked_again(int size)
    {
        var content = TestContent.Of(size);
        var (mirror, upstream) = (await StartAsync(content), await StartAsync(content));
        mirror.Falsify(content.Layers[0].Digest, Changed(content.Bytes(content.Layers[0])));
        UseHosts(mirror, upstream);
        var client = NewClient();
        var calls = 0;

        for (var time = 0; time < 2; time++)
        {
            var read = await client.ReadBlobAsync(Image, content.Layers[0], (stream, token) =>
            {
                calls++;
                return ReadAllAsync(stream, token);
            });
            Assert.That(TestContent.Digest(read), Is.EqualTo(content.Layers[0].Digest));
        }

        Assert.That(calls, Is.EqualTo(3));
        Assert.That(Log.Text, Does.Contain($"{mirror.Address} sent sha256:"));
    }

    [Test]
    public async Task The_end_of_a_wrong_blob_is_never_reached()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Falsify(content.Layers[0].Digest, Changed(content.Bytes(content.Layers[0])));
        var ended = false;

        var exception = await FailsAsync(() => NewClient().ReadBlobAsync(Image, content.Layers[0], async (stream, token) =>
        {
            await ReadAllAsync(stream, token);
            ended = true;
            return 0;
        }), RegistryError.WrongDigest, registry.Address);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ended, Is.False);
            Assert.That(exception.Expected, Is.EqualTo(content.Layers[0].Digest));
            Assert.That(exception.Found, Is.EqualTo(TestContent.Digest(Changed(content.Bytes(content.Layers[0])))));
        }
    }

    [Test]
    public async Task An_exception_of_the_reader_about_wrong_bytes_leads_to_the_next_host()
    {
        var content = TestContent.Of(Small);
        var (mirror, upstream) = (await StartAsync(content), await StartAsync(content));
        mirror.Falsify(content.Layers[0].Digest, Changed(content.Bytes(content.Layers[0])));
        UseHosts(mirror, upstream);

        var read = await NewClient().ReadBlobAsync(Image, content.Layers[0], async (stream, token) =>
        {
            var first = new byte[10];
            await stream.ReadExactlyAsync(first, token);
            return first[0] == content.Bytes(content.Layers[0])[0] ? "right" : throw new InvalidDataException("bad data");
        });

        Assert.That(read, Is.EqualTo("right"));
    }

    [Test]
    public async Task A_host_with_more_or_fewer_bytes_than_the_manifest_says_is_not_read()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Falsify(content.Layers[0].Digest, new byte[Small + 1]);

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.Invalid, $"sends {Small + 1} bytes instead of {Small}");
    }

    [Test]
    public async Task Of_an_endless_answer_no_more_than_the_blob_is_read()
    {
        var content = TestContent.Of(Small);
        var registry = await StartOnlyAsync(content);
        registry.Behave = async (context, _) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[65536], context.RequestAborted);
        };

        await FailsAsync(() => ReadAsync(NewClient(), content.Layers[0]), RegistryError.WrongDigest, content.Layers[0].Digest.ToString());
    }

    [Test]
    public async Task If_the_bytes_of_several_hosts_are_wrong_together_each_has_to_deliver_alone()
    {
        var content = TestContent.Of(Small);
        var (first, second) = (await StartAsync(content), await StartAsync(content));
        first.Falsify(content.Layers[0].Digest, Changed(content.Bytes(content.Layers[0])));
        var broken = 0;
        first.Behave = (context, answer) => Interlocked.Increment(ref broken) == 1 ? BreakOffAsync(context, Changed(content.Bytes(content.Layers[0]))) : answer();
        UseHosts(first, second);

        // 100,000 bytes of the wrong host, the rest of the right one; then the wrong one alone; then the right one.
        Assert.That(TestContent.Digest(await ReadAsync(NewClient(), content.Layers[0])), Is.EqualTo(content.Layers[0].Digest));
        Assert.That(first.Requests, Has.Count.EqualTo(2));
        Assert.That(second.Requests.Select(request => request["Range"]), Is.EqualTo(new[] { $"bytes=100000-{Small - 1}", null }));
    }

    internal static async Task BreakOffAsync(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, 100_000));
        await context.Response.Body.FlushAsync();
        await Task.Delay(50);
        context.Abort();
    }

    private static byte[] Changed(byte[] bytes) => [(byte)(bytes[0] ^ 1), .. bytes[1..]];
}
