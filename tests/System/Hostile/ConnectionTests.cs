using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Useless connections, few at a time: a host limits their number.</summary>
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
    public async Task Silent_connections_do_not_delay_other_clients()
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i =>
            i % 2 == 0 ? Http2Connection.ConnectAsync(Server.SocketPath) : Http2Connection.OpenAsync(Server.SocketPath)));

        await Server.AssertAnswersAsync();

        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    [Test]
    public async Task A_connection_that_the_peer_half_closes_is_closed()
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

    // Drops a connection before the first byte, during the opening or during a call. Every fourth one waits for its
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
