using System.Buffers.Binary;

namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>Reads frames one by one. A frame's payload is valid until the next frame is read.</summary>
internal sealed class FrameReader(Stream stream)
{
    private const int HeaderLength = 9;

    private byte[] _buffer = new byte[HeaderLength + FrameWriter.MaxPayload];
    private int _start, _end;

    public FrameType Type => (FrameType)_buffer[_start + 3];

    public byte Flags => _buffer[_start + 4];

    public uint Stream => BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 5)) & int.MaxValue;

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(_start + HeaderLength, PayloadLength);

    private int PayloadLength => (int)(BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start)) >> 8);

    private int Available => _end - _start;

    /// <summary>Reads the next frame; false at the end, even within a frame.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        if (_end > 0)
            _start += HeaderLength + PayloadLength;

        return await FillAsync(HeaderLength) && await FillAsync(HeaderLength + PayloadLength);
    }

    private async ValueTask<bool> FillAsync(int length)
    {
        MakeRoom(length);
        while (Available < length)
        {
            if (await stream.ReadAsync(_buffer.AsMemory(_end)) is not (> 0 and var read))
                return false;
            _end += read;
        }

        return true;
    }

    private void MakeRoom(int length)
    {
        if (_buffer.Length - _start >= length)
            return;

        var target = length > _buffer.Length ? new byte[length] : _buffer;
        _buffer.AsSpan(_start, Available).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, Available);
    }
}
