using System.Buffers;
using System.Globalization;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>The answers of CannedSnapshotter, as bytes, with the field numbers of containerd's service.</summary>
internal static class CannedMessages
{
    private const int InfosOfMessage = 100;
    private const int Committed = 3;

    // All fields of an info except its name and its parent.
    private static readonly byte[] InfoTail = new MessageWriter()
        .Number(3, Committed)
        .Message(4, Time(1_700_000_000, 500))
        .Message(5, Time(1_700_000_001, 500))
        .Message(6, new MessageWriter().Text(1, "containerd.io/snapshot/a").Text(2, "b"))
        .Message(6, new MessageWriter().Text(1, "containerd.io/gc.root").Text(2, "x"))
        .ToArray();

    private static readonly byte[] StatTail = new MessageWriter().Text(2, "p").Append(InfoTail).ToArray();

    public static byte[] Usage { get; } = GrpcFrame.Of(new MessageWriter().Number(1, 4096).Number(2, 10).ToArray());

    public static byte[] Mounts { get; } = GrpcFrame.Of(new MessageWriter()
        .Message(1, new MessageWriter()
            .Text(1, "overlay")
            .Text(2, "overlay")
            .Text(4, "index=off")
            .Text(4, "workdir=/var/lib/x/snapshots/12/work")
            .Text(4, "upperdir=/var/lib/x/snapshots/12/fs")
            .Text(4, "lowerdir=/var/lib/x/snapshots/11/fs:/var/lib/x/snapshots/10/fs"))
        .ToArray());

    public static byte[][] List(int count) =>
        [.. Enumerable.Range(0, count).Chunk(InfosOfMessage).Select(static numbers => GrpcFrame.Of(ListMessage(numbers)))];

    /// <summary>Writes the frame of Stat's answer: an info with the requested name.</summary>
    public static void WriteInfo(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        const byte FirstField = 0x0A; // The info in the response, and the name in the info.
        var infoLength = 1 + NumberLength(name.Length) + name.Length + StatTail.Length;
        var messageLength = 1 + NumberLength(infoLength) + infoLength;

        var frame = output.GetSpan(GrpcFrame.PrefixLength + messageLength);
        GrpcFrame.WritePrefix(frame, messageLength);
        var rest = WriteStart(frame[GrpcFrame.PrefixLength..], FirstField, infoLength);
        rest = WriteStart(rest, FirstField, name.Length);
        name.CopyTo(rest);
        StatTail.CopyTo(rest[name.Length..]);
        output.Advance(GrpcFrame.PrefixLength + messageLength);
    }

    private static MessageWriter Time(long seconds, int nanoseconds) =>
        new MessageWriter().Number(1, seconds).Number(2, nanoseconds);

    private static byte[] ListMessage(int[] numbers)
    {
        var message = new MessageWriter();
        foreach (var number in numbers)
        {
            message.Message(1, new MessageWriter()
                .Text(1, NameOf(number))
                .Text(2, number == 0 ? "" : NameOf(number - 1))
                .Append(InfoTail));
        }

        return message.ToArray();
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"sha256:{number:d64}");

    private static int NumberLength(int value) => value < 0x80 ? 1 : 1 + NumberLength(value >> 7);

    private static Span<byte> WriteStart(Span<byte> output, byte tag, int length)
    {
        output[0] = tag;
        output = output[1..];
        for (; length >= 0x80; length >>= 7)
        {
            output[0] = (byte)(length | 0x80);
            output = output[1..];
        }

        output[0] = (byte)length;
        return output[1..];
    }
}
