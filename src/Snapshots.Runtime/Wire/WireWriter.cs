using System.Buffers;
using System.Numerics;
using System.Text;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>
/// Writes protobuf messages into its own buffer in one pass. A nested message's length precedes it, so it is inserted when
/// the message is complete.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private const int VarintType = 0, BytesType = 2;
    private const int MaxHeadBytes = 1 + 10; // A tag, and a number.
    private const int FirstCapacity = 512;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstCapacity);

    /// <summary>The number of written bytes.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Keeps the first bytes and discards the rest.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Writes a text field; omits an empty text.</summary>
    public void Text(int field, string value)
    {
        if (value.Length > 0)
            Element(field, value);
    }

    /// <summary>Writes an element of a repeated text field, even an empty text.</summary>
    public void Element(int field, string value)
    {
        Reserve(MaxHeadBytes + value.Length);
        Tag(field, BytesType);

        // Nearly every text is ASCII: then its length in bytes is known, and one pass is enough.
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

    /// <summary>Writes a number field; omits 0.</summary>
    public void Number(int field, long value)
    {
        if (value == 0)
            return;

        Reserve(MaxHeadBytes);
        Tag(field, VarintType);
        Varint((ulong)value);
    }

    /// <summary>Begins a nested message; <see cref="End"/> ends it.</summary>
    /// <returns>The message's start, for <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Reserve(MaxHeadBytes);
        Tag(field, BytesType);
        return ++Length; // One byte for the length, enough for less than 128 bytes.
    }

    /// <summary>Ends a nested message.</summary>
    /// <param name="start">The value that <see cref="Begin"/> returned.</param>
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
        (_bytes, Length) = ([], 0); // Prevents a second return of the array.
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    // Moves the message, because its length needs more than the one reserved byte.
    private void MakeRoom(int start, int length)
    {
        var more = BitOperations.Log2((uint)length) / 7;
        Reserve(more);
        _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
    }

    // All fields of containerd's messages have numbers below 16, so a tag has one byte.
    private void Tag(int field, int type) => _bytes[Length++] = (byte)(field << 3 | type);

    // The caller has reserved the bytes.
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
