using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Streams that are opened only to cause load.</summary>
internal sealed class StreamTests : HostileTest
{
    private const int Resets = 50_000, Streams = 3000, Half = 200;

    [Test]
    public async Task Rapid_resets_end_at_most_their_connection()
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var writer = new FrameWriter();
        var head = Request.Head("Stat");
        for (var i = 0; i < Resets; i++)
        {
            var stream = connection.NextStream();
            writer.Headers(stream, head.Written).Reset(stream);
        }

        var ending = connection.Ping(writer);
        await connection.SendAsync(writer);

        Assert.That(await Eventually.Within(ending), Is.AnyOf(Ending.Pong, Ending.Gone((long)Http2Error.EnhanceYourCalm), Ending.Gone(-1)));
    }

    [Test]
    public async Task Streams_beyond_the_limit_of_a_connection_are_refused()
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var writer = new FrameWriter();
        var head = Request.Head("Stat");
        var endings = new List<Task<Ending>>();
        for (var i = 0; i < Streams; i++)
        {
            var stream = connection.NextStream();
            endings.Add(connection.EndingOf(stream));
            writer.Headers(stream, head.Written);
        }

        var pong = connection.Ping(writer);
        await connection.SendAsync(writer);
        await Eventually.Within(pong);

        var refused = endings.Where(ending => ending.IsCompleted).Select(ending => ending.Result).GroupBy(ending => ending).ToDictionary(all => all.Key, all => all.Count());
        Assert.That(refused.Values.Sum(), Is.GreaterThanOrEqualTo(Streams - 1024), string.Join(", ", refused));
        Assert.That(refused.Keys, Does.Not.Contain(Ending.Status(StatusCode.OK)));
    }

    [Test]
    public async Task Calls_without_an_end_do_not_delay_other_clients()
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var writer = new FrameWriter();
        for (var i = 0; i < 100; i++)
            writer.Headers(connection.NextStream(), Request.Head("Stat").Written);
        var pong = connection.Ping(writer);
        await connection.SendAsync(writer);
        await Eventually.Within(pong);

        await Server.AssertAnswersAsync();
    }

    [Test]
    public async Task A_call_without_a_message_is_answered()
    {
        await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
        var writer = new FrameWriter();
        var endings = new List<Task<Ending>>();
        for (var i = 0; i < Half; i++)
        {
            var stream = connection.NextStream();
            endings.Add(connection.EndingOf(stream));
            writer.Headers(stream, Request.Head("Stat").Written, endStream: true);
        }

        await connection.SendAsync(writer);

        Assert.That(await Eventually.Within(Task.WhenAll(endings)), Is.All.EqualTo(Ending.Status(StatusCode.Internal)).Or.EqualTo(Ending.Status(StatusCode.ResourceExhausted)));
    }
}
