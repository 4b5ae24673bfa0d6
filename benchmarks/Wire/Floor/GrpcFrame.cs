using System.Buffers.Binary;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>gRPC's prefix of a message: a byte that says whether it is compressed, and its length.</summary>
internal static class GrpcFrame
{
    public const int PrefixLength = 5;

    public static byte[] Of(ReadOnlySpan<byte> message)
    {
        var frame = new byte[PrefixLength + message.Length];
        WritePrefix(frame, message.Length);
        message.CopyTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    public static void WritePrefix(Span<byte> frame, int length)
    {
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], length);
    }
}
