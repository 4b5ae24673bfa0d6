using System.Text;
using Google.Protobuf;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Calls with valid headers and framing whose message breaks protobuf's rules or the call's types.</summary>
internal static class BrokenMessages
{
    private const int MostEntries = 2000, Deepest = 10_000;

    private static readonly byte[][] BadText = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]];

    private static readonly string[] HostileText =
        ["\0", "\r\n2026-01-01T00:00:00.000Z fail: forged", "\u001b[2J", "../../../etc/passwd", "%s%n{0}", "\u202Eabc", "\uFFFD\u2028", "a/b\nc"];

    private static readonly (string Kind, Func<Random, byte[], byte[]> Make)[] Kinds =
    [
        ("flipped message", (random, message) => random.Flip(message)),
        ("cut message", (random, message) => message.Length == 0 ? [0x0A] : random.Cut(message)),
        ("random message", (random, _) => random.Bytes(random.Next(200))),
        ("huge field length", (random, message) => Write(message, output => HugeLength(random, output))),
        ("other wire type", (random, message) => Write(message, output => OtherType(random, output))),
        ("bad varint", (random, message) => [.. message, (byte)(random.Next(1, 7) << 3), .. Enumerable.Repeat((byte)0xFF, random.Next(1, 30))]),
        ("deep groups", (random, message) => [.. message, .. Enumerable.Repeat((byte)0x7B, random.Next(1, Deepest))]),
        ("deep lengths", (random, message) => Write(message, output => DeepLengths(random, output))),
        ("text not UTF-8", (random, message) => Write(message, output => Field(output, random.Next(1, 6), random.Pick(BadText)))),
        ("hostile text", (random, message) => Write(message, output => Field(output, random.Next(1, 6), Encoding.UTF8.GetBytes(random.Pick(HostileText))))),
        ("giant text", (random, message) => Write(message, output => Field(output, random.Next(1, 6), Encoding.UTF8.GetBytes(new string('x', random.Next(70_000)))))),
        ("giant map", (random, message) => Write(message, output => GiantMap(random, output))),
        ("repeated fields", (random, message) => [.. Enumerable.Repeat(message, random.Next(2, 50)).SelectMany(each => each)]),
    ];

    public static Input Any(Random random)
    {
        var (method, message) = RightCalls.Message(random);
        var (kind, make) = random.Pick(Kinds);
        return Input.Call(kind, random.Next(20) == 0 ? RightCalls.Method(random) : method, Request.Body(make(random, message)));
    }

    private static byte[] Write(byte[] message, Action<CodedOutputStream> write)
    {
        var stream = new MemoryStream();
        stream.Write(message);
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    private static void HugeLength(Random random, CodedOutputStream output)
    {
        output.WriteTag(random.Next(1, 8), WireFormat.WireType.LengthDelimited);
        output.WriteUInt32(random.EdgeNumber());
        output.WriteRawTag((byte)random.Next(256));
    }

    private static void OtherType(Random random, CodedOutputStream output)
    {
        output.WriteTag(random.Next(1, 8), (WireFormat.WireType)random.Next(8));
        for (var i = random.Next(12); i > 0; i--)
            output.WriteRawTag((byte)random.Next(256));
    }

    // Nested messages, each of which claims to contain the rest.
    private static void DeepLengths(Random random, CodedOutputStream output)
    {
        for (var left = random.Next(1, 2000); left > 0; left--)
        {
            output.WriteTag(random.Next(1, 7), WireFormat.WireType.LengthDelimited);
            output.WriteLength(left * 2);
        }
    }

    private static void GiantMap(Random random, CodedOutputStream output)
    {
        var (field, isSame) = (random.Next(3, 7), random.Next(2) == 0);
        for (var i = random.Next(MostEntries); i > 0; i--)
        {
            var key = Encoding.ASCII.GetBytes(isSame ? "x" : $"{i}");
            Field(output, field, [0x0A, (byte)key.Length, .. key, 0x12, 1, (byte)'1']);
        }
    }

    private static void Field(CodedOutputStream output, int number, byte[] bytes)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
