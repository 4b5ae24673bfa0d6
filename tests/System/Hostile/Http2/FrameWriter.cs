using System.Buffers;
using System.Buffers.Binary;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>Writes frames into memory. Nothing is checked, so that it can write invalid ones.</summary>
internal sealed class FrameWriter
{
    /// <summary>The default limit of a frame's payload.</summary>
    public const int MaxPayload = 16384;

    public const uint MaxWindow = int.MaxValue;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public FrameWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    public FrameWriter Frame(FrameType type, byte flags, uint stream, ReadOnlySpan<byte> payload) =>
        Header(payload.Length, type, flags, stream).Raw(payload);

    /// <summary>A frame's header without its payload.</summary>
    public FrameWriter Header(int length, FrameType type, byte flags, uint stream)
    {
        var header = _buffer.GetSpan(9);
        BinaryPrimitives.WriteUInt32BigEndian(header, ((uint)length << 8) | (byte)type);
        header[4] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(header[5..], stream);
        _buffer.Advance(9);
        return this;
    }

    /// <summary>A block of headers, in as many frames as it takes.</summary>
    public FrameWriter Headers(uint stream, ReadOnlySpan<byte> block, bool endStream = false)
    {
        var type = FrameType.Headers;
        var flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        for (; block.Length > MaxPayload; block = block[MaxPayload..])
        {
            Frame(type, flags, stream, block[..MaxPayload]);
            (type, flags) = (FrameType.Continuation, FrameFlags.None);
        }

        return Frame(type, (byte)(flags | FrameFlags.EndHeaders), stream, block);
    }

    /// <summary>A body, in as many frames as it takes.</summary>
    public FrameWriter Data(uint stream, ReadOnlySpan<byte> body, bool endStream = true)
    {
        for (; body.Length > MaxPayload; body = body[MaxPayload..])
            Frame(FrameType.Data, FrameFlags.None, stream, body[..MaxPayload]);

        return Frame(FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, stream, body);
    }

    public FrameWriter Reset(uint stream, Http2Error error = Http2Error.Cancel) => Number(FrameType.Reset, stream, (uint)error);

    public FrameWriter WindowUpdate(uint stream, uint increment) => Number(FrameType.WindowUpdate, stream, increment);

    public FrameWriter Ping(ulong number)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(payload, number);
        return Frame(FrameType.Ping, FrameFlags.None, 0, payload);
    }

    public FrameWriter Setting(Setting setting, uint value)
    {
        Span<byte> payload = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)setting);
        BinaryPrimitives.WriteUInt32BigEndian(payload[2..], value);
        return Frame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    private FrameWriter Number(FrameType type, uint stream, uint number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        return Frame(type, FrameFlags.None, stream, payload);
    }
}
