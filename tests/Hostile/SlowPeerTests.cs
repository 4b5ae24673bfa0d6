using System.Net.Sockets;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Google.Protobuf;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Peers that take their time, as far as it goes.</summary>
internal sealed class SlowPeerTests : HostileTest
{
    private const int Readers = 10, Writers = 40, Snapshots = 100, Labels = 10, LabelLength = 4000, BytesBetween = 64;

    [Test]
    public async Task Lists_that_nobody_reads_hold_nobody_up()
    {
        await MakeLongListAsync();
        var sockets = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => RawSocket.ConnectAsync(Server.SocketPath)));
        foreach (var socket in sockets)
            await socket.SendAsync(Call(Http2Connection.Opening(), "List").Written);
        await Eventually.TrueAsync(() => sockets.All(IsFull), "the server has written until nothing more went in");

        await Server.AnswersAsync();

        foreach (var socket in sockets)
            socket.Dispose();
        await Server.SweepAsync();
    }

    [Test]
    public async Task Lists_without_a_window_hold_nobody_up()
    {
        await MakeLongListAsync();
        var connections = new List<Http2Connection>();
        for (var i = 0; i < Readers; i++)
        {
            var connection = await Http2Connection.ConnectAsync(Server.SocketPath);
            connections.Add(connection);
            var writer = Call(new FrameWriter().Raw(FrameWriter.Preface).Setting(Setting.InitialWindowSize, 1), "List");
            var pong = connection.Ping(writer);
            await connection.SendAsync(writer);
            await Eventually.Within(pong);
        }

        await Server.AnswersAsync();

        foreach (var connection in connections)
            await connection.DisposeAsync();
        await Server.SweepAsync();
    }

    [Test]
    public async Task Requests_in_single_bytes_are_answered_and_hold_nobody_up()
    {
        var bytes = Call(Http2Connection.Opening(), "Stat", new Wire.StatSnapshotRequest { Key = "none" }.ToByteArray()).Written.ToArray();
        var connections = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Http2Connection.ConnectAsync(Server.SocketPath)));
        var endings = connections.Select(connection => connection.EndingOf(1)).ToList();

        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var connection in connections)
                await connection.SendAsync(new FrameWriter().Raw([bytes[i]]));
            if (i % BytesBetween == 0)
                await Server.AnswersAsync();
        }

        Assert.That(await Eventually.Within(Task.WhenAll(endings)), Is.All.EqualTo(Ending.Status(StatusCode.NotFound)));
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private async Task MakeLongListAsync()
    {
        using var client = new SnapshotsClient(Server.SocketPath);
        var labels = Enumerable.Range(0, Labels).ToDictionary(i => $"{i}", _ => new string('x', LabelLength));
        for (var i = 0; i < Snapshots; i++)
            await client.Calls.PrepareAsync(new() { Key = $"{i}", Labels = { labels } });
    }

    // What the kernel holds for a socket that is not read: some hundred kilobytes, of a list of four megabytes.
    private static bool IsFull(Socket socket) => socket.Available > 100_000;

    private static FrameWriter Call(FrameWriter writer, string method, params byte[] message) =>
        writer.Headers(1, Request.Head(method).Written).Data(1, Request.Body(message));
}
