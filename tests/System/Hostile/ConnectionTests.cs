using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Connections that are not meant to be of use. Few at a time: a host bounds how many there are.</summary>
internal sealed class ConnectionTests : HostileTest
{
    private const int Workers = 4, AtOnce = 50;

    [Test]
    public async Task Ten_thousand_connections_leave_nothing_behind() =>
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10_000 / Workers; i++)
                await OpenAndDropAsync(i);
        })));

    [Test]
    public async Task Silent_connections_hold_nobody_up()
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i =>
            i % 2 == 0 ? Http2Connection.ConnectAsync(Server.SocketPath) : Http2Connection.OpenAsync(Server.SocketPath)));

        await Server.AssertAnswersAsync();

        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    [Test]
    public async Task A_peer_that_says_no_more_is_let_go()
    {
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async i =>
        {
            await using var connection = await Http2Connection.OpenAsync(Server.SocketPath);
            var writer = new FrameWriter();
            if (i % 2 == 0)
                writer.Headers(connection.NextStream(), Request.Head("Stat").Written);
            await connection.SendAsync(writer);

            connection.HalfClose();

            await Eventually.Within(connection.Ended);
        }));
    }

    // In the middle of everything: before a word, with half an opening, with a call under way. Each fourth waits for its
    // answer, so that the server keeps up.
    private async Task OpenAndDropAsync(int i)
    {
        await using var connection = await Http2Connection.ConnectAsync(Server.SocketPath);
        var writer = new FrameWriter();
        if (i % 4 > 0)
            writer.Raw(Http2Connection.Opening().Written.Span[..(i % 4 == 1 ? 30 : ^0)]);
        if (i % 4 > 1)
            writer.Headers(1, Request.Head("List").Written).Data(1, Request.Body([]));

        var answer = connection.EndingOf(1);
        await connection.SendAsync(writer);
        if (i % 4 == 3)
            await Eventually.Within(answer);
    }
}
