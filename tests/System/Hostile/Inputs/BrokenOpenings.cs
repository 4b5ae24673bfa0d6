using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Connections that do not begin with HTTP/2's opening.</summary>
internal static class BrokenOpenings
{
    private static readonly (string Kind, Func<Random, byte[]> Make)[] Kinds =
    [
        ("flipped opening", random => random.Flip(Http2Connection.Opening().Written.ToArray())),
        ("cut opening", random => random.Cut(Http2Connection.Opening().Written.ToArray())),
        ("random opening", random => random.Bytes(random.Next(200))),
        ("no settings", _ => new FrameWriter().Raw(FrameWriter.Preface).Headers(1, Request.Head("Stat").Written).Written.ToArray()),
        ("two prefaces", _ => [.. Http2Connection.Opening().Written.Span, .. FrameWriter.Preface]),
        ("HTTP/1.1", _ => [.. "POST /containerd.services.snapshots.v1.Snapshots/Stat HTTP/1.1\r\nHost: localhost\r\n\r\n"u8]),
        ("HTTP/1.1 upgrade", _ => [.. "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"u8]),
        ("TLS", random => [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, .. random.Bytes(100)]),
        ("nothing", _ => []),
    ];

    public static Input Any(Random random)
    {
        var (kind, make) = random.Pick(Kinds);
        var bytes = make(random);
        return new(kind, Place.Bytes, (writer, _) => writer.Raw(bytes));
    }
}
