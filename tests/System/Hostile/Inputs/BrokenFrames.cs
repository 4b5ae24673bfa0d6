using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Sequences of frames that break HTTP/2's rules, or obey them and cause load.</summary>
internal static class BrokenFrames
{
    private const int Flood = 300;

    private static readonly (string Kind, Action<Random, FrameWriter, uint> Write)[] Kinds =
    [
        ("random frames", RandomFrames),
        ("wrong stream", WrongStream),
        ("settings", Settings),
        ("settings flood", (_, writer, _) => Repeat(() => writer.Setting(Setting.InitialWindowSize, 1))),
        ("ping", (random, writer, _) => writer.Frame(FrameType.Ping, (byte)random.Next(2), random.EdgeNumber() & 1, random.Bytes(random.Next(10)))),
        ("ping flood", (_, writer, _) => Repeat(() => writer.Ping(0))),
        ("window", Window),
        ("window flood", (_, writer, _) => Repeat(() => writer.WindowUpdate(0, 1))),
        ("priority", Priority),
        ("padding", Padding),
        ("continuation", Continuation),
        ("continuation flood", ContinuationFlood),
        ("reset flood", ResetFlood),
    ];

    private static readonly (string Kind, Action<Random, FrameWriter, uint> Write)[] TornKinds =
    [
        ("wrong frame length", WrongLength),
        ("flipped exchange", (random, writer, stream) => writer.Raw(random.Flip(Exchange(random, stream)))),
        ("cut exchange", (random, writer, stream) => writer.Raw(random.Cut(Exchange(random, stream)))),
    ];

    public static Input Any(Random random)
    {
        var isTorn = random.Next(6) == 0;
        var (kind, write) = random.Pick(isTorn ? TornKinds : Kinds);
        var seed = random.Next();
        return new(kind, isTorn ? Place.TornFrames : Place.Frames, (writer, stream) => write(new Random(seed), writer, stream));
    }

    private static void RandomFrames(Random random, FrameWriter writer, uint stream)
    {
        for (var i = random.Next(1, 20); i > 0; i--)
            writer.Frame((FrameType)random.Next(12), (byte)random.Next(256), random.Next(2) == 0 ? stream : (uint)random.Next(8), random.Bytes(random.Next(64)));
    }

    private static void WrongLength(Random random, FrameWriter writer, uint stream) => writer
        .Header((int)(random.EdgeNumber() & 0xFFFFFF), (FrameType)random.Next(11), (byte)random.Next(256), random.Next(2) == 0 ? 0 : stream)
        .Raw(random.Bytes(random.Next(100)));

    // Stream 0, the server's streams, closed ones, ones lower than another, ones with the reserved bit.
    private static void WrongStream(Random random, FrameWriter writer, uint stream)
    {
        uint[] ids = [0, 2, stream, stream + 2, stream | 1U << 31, int.MaxValue];
        var head = Request.Head("Stat").Written;
        writer.Headers(stream + 4, head, endStream: true);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var id = random.Pick(ids);
            _ = random.Next(5) switch
            {
                0 => writer.Headers(id, head, endStream: random.Next(2) == 0),
                1 => writer.Data(id, random.Bytes(20)),
                2 => writer.Reset(id),
                3 => writer.Frame(FrameType.PushPromise, FrameFlags.EndHeaders, id, [0, 0, 0, 2, .. head]),
                _ => writer.Frame(FrameType.GoAway, 0, id & 2, random.Bytes(8)),
            };
        }
    }

    private static void Settings(Random random, FrameWriter writer, uint stream)
    {
        if (random.Next(3) == 0)
            writer.Frame(FrameType.Settings, (byte)random.Next(2), random.Next(2) == 0 ? 0 : stream, random.Bytes(random.Next(20)));
        else
            writer.Setting((Setting)random.Next(9), random.EdgeNumber()).Setting((Setting)random.Next(9), random.EdgeNumber());
        writer.Raw(Exchange(random, stream));
    }

    private static void Window(Random random, FrameWriter writer, uint stream)
    {
        writer.Headers(stream, Request.Head("List").Written);
        for (var i = random.Next(1, 4); i > 0; i--)
            writer.WindowUpdate(random.Next(3) switch { 0 => 0, 1 => stream, _ => stream + 2 }, random.EdgeNumber());
        writer.Data(stream, Request.Body([]));
    }

    private static void Priority(Random random, FrameWriter writer, uint stream)
    {
        for (var i = random.Next(1, 50); i > 0; i--)
            writer.Frame(FrameType.Priority, 0, random.Next(3) == 0 ? 0 : stream, [.. random.Next(3) == 0 ? [0, 0, 0, (byte)stream] : random.Bytes(4), .. random.Bytes(random.Next(3))]);
    }

    private static void Padding(Random random, FrameWriter writer, uint stream)
    {
        var length = (byte)random.Next(256);
        var head = Request.Head("Stat").Written;
        if (random.Next(2) == 0)
            writer.Frame(FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority | FrameFlags.EndHeaders, stream, random.Next(2) == 0 ? [length, .. head] : random.Bytes(random.Next(7)));
        else
            writer.Headers(stream, head).Frame(FrameType.Data, FrameFlags.Padded, stream, random.Next(3) == 0 ? [] : [length, .. random.Bytes(random.Next(256))]);
    }

    // Without HEADERS before it, of another stream, or after another frame.
    private static void Continuation(Random random, FrameWriter writer, uint stream)
    {
        var head = Request.Head("Stat").Written;
        if (random.Next(3) > 0)
            writer.Frame(FrameType.Headers, FrameFlags.EndStream, stream, head[..random.Next(head.Length)]);
        if (random.Next(2) == 0)
            writer.Frame((FrameType)random.Next(9), 0, stream, random.Bytes(8));
        writer.Frame(FrameType.Continuation, FrameFlags.EndHeaders, random.Next(2) == 0 ? stream : stream + 2, head);
    }

    // Empty or repeated headers without an end.
    private static void ContinuationFlood(Random random, FrameWriter writer, uint stream)
    {
        byte[] more = random.Next(2) == 0 ? [] : [.. new HeaderBlock().Add("x", "1").Written];
        writer.Frame(FrameType.Headers, FrameFlags.EndStream, stream, Request.Head("Stat").Written);
        Repeat(() => writer.Frame(FrameType.Continuation, FrameFlags.None, stream, more));
    }

    private static void ResetFlood(Random random, FrameWriter writer, uint stream)
    {
        for (var i = random.Next(1, 60); i > 0; i--, stream += 2)
            writer.Headers(stream, Request.Head("Stat").Written).Reset(stream);
    }

    private static byte[] Exchange(Random random, uint stream)
    {
        var (method, message) = RightCalls.Message(random);
        return new FrameWriter().Headers(stream, Request.Head(method).Written).Data(stream, Request.Body(message)).Written.ToArray();
    }

    private static void Repeat(Action write)
    {
        for (var i = 0; i < Flood; i++)
            write();
    }
}
