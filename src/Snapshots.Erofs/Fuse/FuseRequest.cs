using System.Buffers.Binary;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>A request as the kernel writes it: <c>struct fuse_in_header</c> and what belongs to the opcode. Numbers have the machine's byte order, which is little-endian.</summary>
internal readonly ref struct FuseRequest
{
    /// <summary>The length of the header, in bytes.</summary>
    public const int HeaderLength = 40;

    private FuseRequest(ReadOnlySpan<byte> message)
    {
        Opcode = (FuseOpcode)BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        Id = BinaryPrimitives.ReadUInt64LittleEndian(message[8..]);
        Node = BinaryPrimitives.ReadUInt64LittleEndian(message[16..]);
        Body = message[HeaderLength..];
    }

    public FuseOpcode Opcode { get; }

    /// <summary>The number that the answer has to bear.</summary>
    public ulong Id { get; }

    /// <summary>The file or directory.</summary>
    public ulong Node { get; }

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Parses a message; false if it has no whole header, or another length than its header says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out FuseRequest request)
    {
        var isWhole = message.Length >= HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(message) == message.Length;
        request = isWhole ? new(message) : default;
        return isWhole;
    }

    /// <summary>The name of a LOOKUP, without the zero at its end; false if there is none.</summary>
    public bool TryGetName(out ReadOnlySpan<byte> name)
    {
        var end = Body.IndexOf((byte)0);
        name = end > 0 ? Body[..end] : [];
        return end > 0;
    }

    /// <summary>Where a READ or READDIR begins, and how many bytes it wants; false if it is cut off or has no possible range.</summary>
    public bool TryGetRange(out long offset, out int length)
    {
        (offset, length) = (0, 0);
        if (Body.Length < 40)
            return false;

        offset = BinaryPrimitives.ReadInt64LittleEndian(Body[8..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(Body[16..]);
        return offset >= 0 && length >= 0 && offset <= long.MaxValue - length;
    }

    /// <summary>The request that an INTERRUPT is about; false if it is cut off.</summary>
    public bool TryGetInterrupted(out ulong id)
    {
        id = Body.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(Body) : 0;
        return Body.Length >= sizeof(ulong);
    }
}
