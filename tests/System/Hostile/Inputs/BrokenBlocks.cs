using Containerd.Snapshots.Tests.Hostile.Http2;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>Header blocks that are invalid HPACK (RFC 7541), or valid and harmful.</summary>
internal static class BrokenBlocks
{
    private static readonly (string Kind, Func<Random, byte[]> Make)[] Kinds =
    [
        ("flipped block", random => random.Flip(Request.Head("Stat").Written.ToArray())),
        ("cut block", random => random.Cut(Request.Head("Stat").Written.ToArray())),
        ("random block", random => random.Bytes(random.Next(100))),
        ("index zero", _ => [0x80]),
        ("index too high", random => [0xFF, .. random.Bytes(3)]),
        ("endless number", random => [0xFF, .. Enumerable.Repeat((byte)0xFF, random.Next(1, 100))]),
        ("endless text", random => [0, 1, (byte)'x', 0x7F, .. Enumerable.Repeat((byte)0xFF, random.Next(1, 5)), 0x0F]),
        ("bad Huffman code", random => [0, 1, (byte)'x', (byte)(0x80 | 30), .. Enumerable.Repeat((byte)0xFF, random.Next(1, 31))]),
        ("table too large", random => [0x3F, .. random.Bytes(4), .. Request.Head("Stat").Written]),
        ("table resized", random => [.. Enumerable.Range(0, random.Next(1, 500)).SelectMany(i => i % 2 == 0 ? new byte[] { 0x20 } : [0x3F, 0xE1, 0x1F])]),
        ("one entry many times", ManyTimes),
    ];

    public static Input Any(Random random)
    {
        var (kind, make) = random.Pick(Kinds);
        var block = make(random);
        return new(kind, Place.LoneCall, (writer, stream) => writer.Headers(stream, block, endStream: true));
    }

    // HPACK's bomb: a header of up to four kilobytes enters the table once and is then repeated with one byte each.
    private static byte[] ManyTimes(Random random)
    {
        var entry = new HeaderBlock().Add("x", new string('b', random.Next(100, 4000))).Written.ToArray();
        entry[0] = 0x40;
        return [.. Request.Head("Stat").Written, .. entry, .. Enumerable.Repeat((byte)0xBE, random.Next(1, 16_000))];
    }
}
