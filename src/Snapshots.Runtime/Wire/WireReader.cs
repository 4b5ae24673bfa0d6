using System.Text;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>
/// Reads a protobuf message field by field, as protobuf's own library does: of a field that occurs twice the last counts,
/// a message that occurs twice is merged, and what is not known is passed over.
/// </summary>
internal ref struct WireReader
{
    // protobuf's own limit: a group in a group, and so on, must not take the stack.
    private const int MaxDepth = 100;

    private const int MaxNumberBytes = 10;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int _depth;
    private ReadOnlySpan<byte> _rest;
    private WireType _type;

    public WireReader(ReadOnlySpan<byte> message)
        : this(message, 0)
    {
    }

    private WireReader(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > MaxDepth)
            throw TooDeep();

        _rest = message;
        _depth = depth;
    }

    /// <summary>The number of the field that is to be read or passed over.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field; false at the end of the message.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;

        var tag = (uint)ReadVarint();
        Field = (int)(tag >> 3);
        _type = (WireType)(tag & 7);
        if (Field == 0)
            throw new WireFormatException("a field has the number 0");

        return true;
    }

    /// <summary>Whether the field is this one: a text or a message.</summary>
    public readonly bool IsBytes(int field) => Field == field && _type == WireType.Bytes;

    /// <summary>Whether the field is this one: a number.</summary>
    public readonly bool IsNumber(int field) => Field == field && _type == WireType.Varint;

    public long ReadNumber() => (long)ReadVarint();

    public string ReadText()
    {
        var bytes = ReadBytes();
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new WireFormatException($"the text of field {Field} is not UTF-8");
        }
    }

    public WireReader ReadMessage() => new(ReadBytes(), _depth + 1);

    /// <summary>Passes over the field.</summary>
    public void Skip() => Skip(_depth);

    private void Skip(int depth)
    {
        switch (_type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            case WireType.Group:
                SkipGroup(depth + 1);
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw new WireFormatException($"field {Field} has the wire type {(int)_type}, which is none here");
        }
    }

    private void SkipGroup(int depth)
    {
        if (depth > MaxDepth)
            throw TooDeep();

        var group = Field;
        while (MoveNext())
        {
            if (_type != WireType.GroupEnd)
            {
                Skip(depth);
                continue;
            }

            if (Field != group)
                throw new WireFormatException($"the group {group} ends as the group {Field}");

            return;
        }

        throw new WireFormatException($"the group {group} does not end");
    }

    private ReadOnlySpan<byte> ReadBytes()
    {
        var length = (int)ReadVarint();
        return length < 0 ? throw new WireFormatException($"field {Field} has a negative length") : Take(length);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw new WireFormatException($"field {Field} is longer than the message");

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong number = 0;
        for (var i = 0; i < MaxNumberBytes && i < _rest.Length; i++)
        {
            var part = _rest[i];
            number |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return number;
            }
        }

        throw new WireFormatException("a number does not end");
    }

    private static WireFormatException TooDeep() => new($"messages and groups are nested more than {MaxDepth} deep");

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Group = 3,
        GroupEnd = 4,
        Fixed32 = 5,
    }
}

/// <summary>Bytes that are no message of the type that they should be.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
