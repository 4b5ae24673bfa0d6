using System.Text;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>Writes a protobuf message, field by field.</summary>
internal sealed class MessageWriter
{
    private const int NumberType = 0, LengthType = 2;

    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public MessageWriter Number(int field, long value)
    {
        AddNumber(field << 3 | NumberType);
        AddNumber(value);
        return this;
    }

    // Protobuf omits a field that has its default value.
    public MessageWriter Text(int field, string value) => value.Length == 0 ? this : Bytes(field, Encoding.UTF8.GetBytes(value));

    public MessageWriter Message(int field, MessageWriter value) => Bytes(field, value.ToArray());

    public MessageWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        AddNumber(field << 3 | LengthType);
        AddNumber(value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public MessageWriter Append(ReadOnlySpan<byte> fields)
    {
        _bytes.AddRange(fields);
        return this;
    }

    private void AddNumber(long value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));

        _bytes.Add((byte)value);
    }
}
