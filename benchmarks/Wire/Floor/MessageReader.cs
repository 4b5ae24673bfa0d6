namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>Reads a protobuf message whose fields all have a length, as in the requests.</summary>
internal static class MessageReader
{
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field)
    {
        while (message.Length > 0)
        {
            var tag = ReadNumber(ref message);
            var length = ReadNumber(ref message);
            if (tag >> 3 == field)
                return message[..length];

            message = message[length..];
        }

        return [];
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> message)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[0];
            message = message[1..];
            number |= (part & 0x7F) << shift;
            if (part < 0x80)
                return number;
        }
    }
}
