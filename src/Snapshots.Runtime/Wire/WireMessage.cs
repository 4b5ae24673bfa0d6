using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Containerd.Snapshots.Runtime.Wire;

/// <summary>
/// A message that Google's parser reads field by field, without generated types: of a field that occurs twice the last
/// counts, a message that occurs twice is merged, unknown fields are skipped and not kept.
/// </summary>
internal abstract class WireMessage : IBufferMessage
{
    /// <summary>Wire types: the lowest three bits of a field's tag. The others are the field's number.</summary>
    public const uint Varint = 0, Bytes = 2;

    MessageDescriptor IMessage.Descriptor => throw OnlyRead();

    /// <summary>Reads a field, or skips it.</summary>
    public abstract void ReadField(uint tag, ref ParseContext input);

    /// <summary>Skips a field.</summary>
    /// <exception cref="WireFormatException">Its wire type does not exist.</exception>
    public static void Skip(uint tag, ref ParseContext input)
    {
        switch (WireFormat.GetTagWireType(tag))
        {
            case WireFormat.WireType.Varint:
                input.ReadUInt64();
                break;
            case WireFormat.WireType.Fixed64:
                input.ReadFixed64();
                break;
            case WireFormat.WireType.LengthDelimited:
                input.ReadBytes();
                break;
            case WireFormat.WireType.StartGroup:
                input.ReadGroup(SkippedGroup.Instance);
                break;
            case WireFormat.WireType.Fixed32:
                input.ReadFixed32();
                break;
            default:
                throw new WireFormatException($"field {WireFormat.GetTagFieldNumber(tag)} has the wire type {tag & 7}, which does not exist");
        }
    }

    // The end of a group ends the message: the parser checks that it is the group's own.
    void IBufferMessage.InternalMergeFrom(ref ParseContext input)
    {
        while (input.ReadTag() is var tag and not 0 && WireFormat.GetTagWireType(tag) != WireFormat.WireType.EndGroup)
            ReadField(tag, ref input);
    }

    void IBufferMessage.InternalWriteTo(ref WriteContext output) => throw OnlyRead();

    void IMessage.MergeFrom(CodedInputStream input) => throw OnlyRead();

    void IMessage.WriteTo(CodedOutputStream output) => throw OnlyRead();

    int IMessage.CalculateSize() => throw OnlyRead();

    private static NotSupportedException OnlyRead() => new("This message is only read.");

    private sealed class SkippedGroup : WireMessage
    {
        public static readonly SkippedGroup Instance = new();

        public override void ReadField(uint tag, ref ParseContext input) => Skip(tag, ref input);
    }
}

/// <summary>Bytes that are not a message of the expected type.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
