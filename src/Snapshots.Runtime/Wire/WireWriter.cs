using System.Buffers;
using System.Numerics;
using System.Text;

namespace Containerd.Snapshots;

/// <summary>
/// Writes protobuf messages into a buffer of its own, in one go: a message's length stands before it and is known after it,
/// and is then put in.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private const int VarintType = 0, BytesType = 2;
    private const int MaxVarintBytes = 10;
    private const int FirstCapacity = 512;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstCapacity);

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Takes back what was written after so many bytes.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>A text; one that is empty is not written.</summary>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
            Element(field, value);
    }

    /// <summary>A text of several; an empty one is written too.</summary>
    public void Element(int field, string value)
    {
        Tag(field, BytesType);
        var start = Length;
        Varint((uint)value.Length);
        if (Ascii.FromUtf16(value, Reserve(value.Length), out var written) == OperationStatus.Done)
        {
            Length += written;
            return;
        }

        Length = start;
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((uint)length);
        Length += Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    /// <summary>A number; 0 is not written.</summary>
    public void Number(int field, long value)
    {
        if (value == 0)
            return;

        Tag(field, VarintType);
        Varint((ulong)value);
    }

    /// <summary>Begins a message in the message; <see cref="End"/> ends it.</summary>
    /// <returns>Where it begins.</returns>
    public int Begin(int field)
    {
        Tag(field, BytesType);
        Varint(0); // For its length, if that is below 128.
        return Length;
    }

    /// <summary>Ends a message.</summary>
    /// <param name="start">What <see cref="Begin"/> has returned for it.</param>
    public void End(int start)
    {
        var length = Length - start;
        if (length >= 0x80)
            MakeRoom(start, length);

        Length = start - 1;
        PutVarint((uint)length);
        Length += length;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    // The length takes more than the byte that was left for it: the message moves on.
    private void MakeRoom(int start, int length)
    {
        var more = BitOperations.Log2((uint)length) / 7;
        Reserve(more);
        _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
    }

    private void Tag(int field, int type) => Varint((uint)(field << 3 | type));

    private void Varint(ulong value)
    {
        Reserve(MaxVarintBytes);
        PutVarint(value);
    }

    private void PutVarint(ulong value)
    {
        var rest = _bytes.AsSpan(Length);
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            rest[i++] = (byte)(value | 0x80);

        rest[i++] = (byte)value;
        Length += i;
    }

    private Span<byte> Reserve(int length)
    {
        if (_bytes.Length - Length < length)
            Grow(length);

        return _bytes.AsSpan(Length);
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(Length + length, _bytes.Length * 2)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
