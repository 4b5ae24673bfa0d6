using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Oversized metadata.</summary>
internal sealed class MetadataTests : HostileTest
{
    private const int Continuations = 100_000;

    [TestCase("x")]
    [TestCase("containerd-namespace")]
    [TestCase("grpc-timeout")]
    [TestCase("traceparent")]
    [TestCase("x-bin")]
    public async Task A_giant_header_ends_only_its_connection(string name)
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var ending = await SendAsync(connection, Request.Head("Stat").Add(name, new string('1', 16 << 20)));

        Assert.That(ending.IsGone, Is.True, ending.ToString());
    }

    // CONNECT is the only method without a path. It must cause no error in the log.
    [Test]
    public async Task A_request_without_a_path_is_answered()
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);

        var ending = await SendAsync(connection, new HeaderBlock().Add(":method", "CONNECT").Add(":authority", "localhost"));

        Assert.That(ending, Is.EqualTo(Ending.Status(StatusCode.Unimplemented)));
    }

    [Test]
    public async Task A_hundred_thousand_headers_end_only_their_connection()
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var head = Request.Head("Stat");
        for (var i = 0; i < 100_000; i++)
            head.Add($"x-{i}", "1");

        var ending = await SendAsync(connection, head);

        Assert.That(ending.IsGone, Is.True, ending.ToString());
    }

    [TestCase(0)]
    [TestCase(16)]
    public async Task Headers_without_an_end_end_only_their_connection(int length)
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var writer = new FrameWriter().Frame(FrameType.Headers, FrameFlags.EndStream, 1, Request.Head("Stat").Written);
        var more = new HeaderBlock().Add("x", new string('1', length)).Written[..(length == 0 ? 0 : ^0)];
        for (var i = 0; i < Continuations; i++)
            writer.Frame(FrameType.Continuation, FrameFlags.None, 1, more);

        var pong = connection.Ping(writer);
        await connection.SendAsync(writer);

        Assert.That((await Eventually.Within(pong)).IsGone, Is.True);
    }

    private static async Task<Ending> SendAsync(Http2Connection connection, HeaderBlock head)
    {
        var stream = connection.NextStream();
        var ending = connection.EndingOf(stream);
        await connection.SendAsync(new FrameWriter().Headers(stream, head.Written).Data(stream, Request.Body([])));
        return await Eventually.Within(ending);
    }
}
