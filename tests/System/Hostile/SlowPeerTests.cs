using System.Buffers.Binary;
using System.Net.Sockets;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Hostile.Fixtures;
using Containerd.Snapshots.Tests.Hostile.Http2;
using Containerd.Snapshots.Tests.Hostile.Inputs;
using Google.Protobuf;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Hostile;

/// <summary>Peers that read or send as slowly as possible.</summary>
internal sealed class SlowPeerTests : HostileTest
{
    private const int Readers = 10, Writers = 40, Snapshots = 100, Labels = 10, LabelLength = 4000, BytesBetween = 64;

    private static readonly string LongLabel = new('x', LabelLength);

    [Test]
    public async Task Lists_that_are_not_read_do_not_delay_other_clients()
    {
        await MakeLongListAsync();
        var sockets = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => RawSocket.ConnectAsync(Server.SocketPath)));
        foreach (var socket in sockets)
            await socket.SendAsync(Call(Http2Connection.Opening(), "List").Written);
        await Eventually.TrueAsync(() => sockets.All(IsFull), "the server has filled the socket");

        await Server.AssertAnswersAsync();

        foreach (var socket in sockets)
            socket.Dispose();
        await Server.SweepAsync();
    }

    [Test]
    public async Task A_list_that_is_read_late_is_complete()
    {
        await MakeLongListAsync();
        using var socket = await RawSocket.ConnectAsync(Server.SocketPath);
        await socket.SendAsync(Call(Http2Connection.Opening(), "List").Written);
        await Eventually.TrueAsync(() => IsFull(socket), "the server has filled the socket");
        await Server.AssertAnswersAsync(); // Only so that time passes.

        var infos = await Eventually.Within(ReadListAsync(socket));

        Assert.That(infos.Select(static info => info.Name), Is.EquivalentTo(Enumerable.Range(0, Snapshots).Select(static i => $"{i}")));
        Assert.That(infos.SelectMany(static info => info.Labels.Values), Is.All.EqualTo(LongLabel).And.Exactly(Snapshots * Labels).Items);
        await Server.SweepAsync();
    }

    [Test]
    public async Task Lists_without_a_window_do_not_delay_other_clients()
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

        await Server.AssertAnswersAsync();

        foreach (var connection in connections)
            await connection.DisposeAsync();
        await Server.SweepAsync();
    }

    [Test]
    public async Task Requests_in_single_bytes_are_answered_and_do_not_delay_other_clients()
    {
        var bytes = Call(Http2Connection.Opening(), "Stat", new Wire.StatSnapshotRequest { Key = "none" }.ToByteArray()).Written.ToArray();
        var connections = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Http2Connection.ConnectAsync(Server.SocketPath)));
        var endings = connections.Select(connection => connection.EndingOf(1)).ToList();

        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var connection in connections)
                await connection.SendAsync(new FrameWriter().Raw([bytes[i]]));
            if (i % BytesBetween == 0)
                await Server.AssertAnswersAsync();
        }

        Assert.That(await Eventually.Within(Task.WhenAll(endings)), Is.All.EqualTo(Ending.Status(StatusCode.NotFound)));
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private static async Task<List<Wire.Info>> ReadListAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        using var messages = new MemoryStream();
        var frames = new FrameReader(stream);
        while (await frames.MoveNextAsync() && !IsEndOf(frames))
        {
            if (frames.Type == FrameType.Data)
                messages.Write(frames.Payload);
        }

        return Messages(messages.ToArray()).SelectMany(static message => Wire.ListSnapshotsResponse.Parser.ParseFrom(message.Span).Info).ToList();
    }

    private static bool IsEndOf(FrameReader frame) => frame.Type == FrameType.Headers && (frame.Flags & FrameFlags.EndStream) != 0;

    private static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> body)
    {
        const int FlagLength = 1, PrefixLength = 5;
        while (body.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body.Span[FlagLength..]);
            yield return body.Slice(PrefixLength, length);
            body = body[(PrefixLength + length)..];
        }
    }

    private async Task MakeLongListAsync()
    {
        using var client = new SnapshotsClient(Server.SocketPath);
        var labels = Enumerable.Range(0, Labels).ToDictionary(i => $"{i}", _ => LongLabel);
        for (var i = 0; i < Snapshots; i++)
            await client.Calls.PrepareAsync(new() { Key = $"{i}", Labels = { labels } });
    }

    // The kernel buffers some hundred kilobytes for a socket that is not read, of a list of four megabytes.
    private static bool IsFull(Socket socket) => socket.Available > 100_000;

    private static FrameWriter Call(FrameWriter writer, string method, params byte[] message) =>
        writer.Headers(1, Request.Head(method).Written).Data(1, Request.Body(message));
}
