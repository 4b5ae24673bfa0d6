using Containerd.Snapshots.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Containerd.Snapshots.Tests.Protobuf;

/// <summary>Random messages, and random damage to their bytes.</summary>
internal sealed class RandomMessages(Random random)
{
    private static readonly string[] Texts = ["", "k", "default/1/container", "sha256:" + new string('0', 64), "ünï", "\uD83D\uDE00", "\0", new('x', 127), new('x', 128), new('ü', 9000)];

    private static readonly long[] Numbers = [0, 1, 127, 128, 999_999_999, 1_700_000_000, -1, -62_135_596_800, 253_402_300_799, long.MaxValue, long.MinValue];

    public string Text() => Pick(Texts);

    public long Number() => Pick(Numbers);

    public Info Info()
    {
        var info = new Info { Name = Text(), Parent = Text(), Kind = (Kind)random.Next(-1, 5) };
        if (random.Next(2) == 0)
            info.CreatedAt = Time();
        if (random.Next(2) == 0)
            info.UpdatedAt = Time();
        AddLabels(info.Labels);
        return info;
    }

    public void AddLabels(IDictionary<string, string> labels)
    {
        for (var i = random.Next(4); i > 0; i--)
            labels[Text()] = Text();
    }

    /// <summary>The message's bytes, often damaged.</summary>
    public byte[] Bytes(IMessage message)
    {
        var bytes = message.ToByteArray();
        return random.Next(10) switch
        {
            0 => Flip(bytes),
            1 => bytes[..random.Next(bytes.Length + 1)],
            2 => [.. bytes, .. Junk()],
            3 => [.. bytes, .. bytes],
            4 => [.. bytes, .. Enumerable.Repeat(bytes, random.Next(3)).SelectMany(each => Flip(each))],
            5 => Junk(),
            6 => [.. bytes, .. Enumerable.Repeat((byte)0x0B, random.Next(97, 103)), .. Enumerable.Repeat((byte)0x0C, random.Next(97, 103))], // Groups in groups.
            _ => bytes,
        };
    }

    private Timestamp Time() => new() { Seconds = Number(), Nanos = (int)Number() };

    private byte[] Flip(byte[] bytes)
    {
        bytes = [.. bytes];
        for (var i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    // Fields with random numbers and wire types.
    private byte[] Junk()
    {
        var bytes = new List<byte>();
        for (var i = random.Next(6); i > 0; i--)
        {
            bytes.Add((byte)(random.Next(0, 9) << 3 | random.Next(8)));
            for (var j = random.Next(12); j > 0; j--)
                bytes.Add((byte)Pick([0, 1, 2, 10, 0x7F, 0x80, 0xFF, random.Next(256)]));
        }

        return [.. bytes];
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
