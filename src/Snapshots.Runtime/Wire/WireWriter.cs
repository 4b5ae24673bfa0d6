using System.Buffers;
using System.Numerics;
using System.Text;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>
/// Writes protobuf messages into a buffer of its own, in one go: a message's length stands before it and is known after it,
/// and is then put in.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private const int VarintType = 0, BytesType = 2;
    private const int MaxHeadBytes = 1 + 10; // A tag, and a number.
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
        Reserve(MaxHeadBytes + value.Length);
        Tag(field, BytesType);

        // Nearly every text is ASCII: then its length is known, and it is looked at once.
        var start = Length;
        Varint((uint)value.Length);
        if (Ascii.FromUtf16(value, _bytes.AsSpan(Length), out var written) == OperationStatus.Done)
        {
            Length += written;
            return;
        }

        Length = start;
        var length = Encoding.UTF8.GetByteCount(value);
        Reserve(MaxHeadBytes + length);
        Varint((uint)length);
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    /// <summary>A number; 0 is not written.</summary>
    public void Number(int field, long value)
    {
        if (value == 0)
            return;

        Reserve(MaxHeadBytes);
        Tag(field, VarintType);
        Varint((ulong)value);
    }

    /// <summary>Begins a message in the message; <see cref="End"/> ends it.</summary>
    /// <returns>Where it begins.</returns>
    public int Begin(int field)
    {
        Reserve(MaxHeadBytes);
        Tag(field, BytesType);
        return ++Length; // A byte for its length, which is enough for less than 128.
    }

    /// <summary>Ends a message.</summary>
    /// <param name="start">What <see cref="Begin"/> has returned for it.</param>
    public void End(int start)
    {
        var length = Length - start;
        if (length >= 0x80)
            MakeRoom(start, length);

        Length = start - 1;
        Varint((uint)length);
        Length += length;
    }

    public void Dispose()
    {
        var bytes = _bytes;
        (_bytes, Length) = ([], 0); // Two must never have the same bytes.
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    // The length takes more than the byte that was left for it: the message moves on.
    private void MakeRoom(int start, int length)
    {
        var more = BitOperations.Log2((uint)length) / 7;
        Reserve(more);
        _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
    }

    // All fields of containerd's messages have numbers below 16, and so one byte.
    private void Tag(int field, int type) => _bytes[Length++] = (byte)(field << 3 | type);

    // Whoever calls it has reserved its bytes.
    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes[Length++] = (byte)(value | 0x80);

        _bytes[Length++] = (byte)value;
    }

    private void Reserve(int length)
    {
        if (_bytes.Length - Length < length)
            Grow(length);
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(Length + length, _bytes.Length * 2)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
