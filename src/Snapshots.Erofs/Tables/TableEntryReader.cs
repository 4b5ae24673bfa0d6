using System.Text.Json;
using Containerd.Snapshots.Erofs.Tar;

namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>Reads the properties of an entry, in any order; those that are not known are ignored.</summary>
internal sealed class TableEntryReader
{
    private const int MaxAttribute = 64 << 10, MaxAttributeName = 255, MaxAttributes = 1000;

    private Property _property;
    private string? _attribute;
    private int _depth;

    // Names as tables have them.
    private enum Property
    {
        Unknown,
        Name,
        Type,
        Size,
        ModifiedAt,
        LinkName,
        Mode,
        UserId,
        GroupId,
        Major,
        Minor,
        Attributes,
        Digest,
        Offset,
        EndOffset,
        InnerOffset,
        ChunkSize,
        ChunkOffset,
        ChunkDigest,
        ChunkType,
    }

    public TableEntry Entry { get; } = new();

    /// <summary>Begins an entry.</summary>
    /// <param name="depth">The depth of its braces.</param>
    public void Begin(int depth)
    {
        _depth = depth;
        Entry.Clear();
    }

    /// <summary>Takes a token of the entry.</summary>
    /// <returns>False if it ends the entry.</returns>
    /// <exception cref="InvalidDataException">A value cannot be.</exception>
    public bool TryTake(ref Utf8JsonReader reader)
    {
        if (reader.CurrentDepth == _depth)
            return false;

        // The attributes' names and values are a level deeper; other values there are not known.
        if (reader.CurrentDepth > _depth + 1)
        {
            if (_property == Property.Attributes)
                TakeAttribute(ref reader);
        }
        else if (reader.TokenType == JsonTokenType.PropertyName)
        {
            (_property, _attribute) = (PropertyOf(ref reader), null);
        }
        else if (reader.TokenType == JsonTokenType.String)
        {
            TakeText(ref reader);
        }
        else if (reader.TokenType == JsonTokenType.Number)
        {
            TakeNumber(ref reader);
        }

        return true;
    }

    private static Property PropertyOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("name"u8) ? Property.Name
        : reader.ValueTextEquals("type"u8) ? Property.Type
        : reader.ValueTextEquals("size"u8) ? Property.Size
        : reader.ValueTextEquals("modtime"u8) ? Property.ModifiedAt
        : reader.ValueTextEquals("linkName"u8) ? Property.LinkName
        : reader.ValueTextEquals("mode"u8) ? Property.Mode
        : reader.ValueTextEquals("uid"u8) ? Property.UserId
        : reader.ValueTextEquals("gid"u8) ? Property.GroupId
        : reader.ValueTextEquals("devMajor"u8) ? Property.Major
        : reader.ValueTextEquals("devMinor"u8) ? Property.Minor
        : reader.ValueTextEquals("xattrs"u8) ? Property.Attributes
        : reader.ValueTextEquals("digest"u8) ? Property.Digest
        : reader.ValueTextEquals("offset"u8) ? Property.Offset
        : reader.ValueTextEquals("endOffset"u8) ? Property.EndOffset
        : reader.ValueTextEquals("innerOffset"u8) ? Property.InnerOffset
        : reader.ValueTextEquals("chunkSize"u8) ? Property.ChunkSize
        : reader.ValueTextEquals("chunkOffset"u8) ? Property.ChunkOffset
        : reader.ValueTextEquals("chunkDigest"u8) ? Property.ChunkDigest
        : reader.ValueTextEquals("chunkType"u8) ? Property.ChunkType
        : Property.Unknown;

    private void TakeText(ref Utf8JsonReader reader)
    {
        switch (_property)
        {
            case Property.Name:
                Entry.Name.Set(ref reader);
                break;
            case Property.LinkName:
                Entry.LinkName.Set(ref reader);
                break;
            case Property.Type:
                Entry.Type = TypeOf(ref reader);
                break;
            case Property.ModifiedAt:
                Entry.ModifiedAt = TableTime.TryParse(reader.ValueSpan, out var time) ? time : throw Damaged("a time");
                break;
            case Property.Digest:
                Entry.Digest = DigestOf(ref reader);
                break;
            case Property.ChunkDigest:
                Entry.ChunkDigest = DigestOf(ref reader);
                break;
            case Property.ChunkType:
                Entry.IsZeros = reader.ValueTextEquals("zeros"u8) || (reader.ValueSpan.Length > 0 ? throw Damaged("the type of a chunk") : false);
                break;
        }
    }

    private void TakeNumber(ref Utf8JsonReader reader)
    {
        if (_property == Property.Unknown)
            return;
        if (!reader.TryGetInt64(out var number))
            throw Damaged("a number");

        switch (_property)
        {
            case Property.Size:
                Entry.Size = number;
                break;
            case Property.Mode:
                Entry.Mode = number;
                break;
            case Property.UserId:
                Entry.UserId = number;
                break;
            case Property.GroupId:
                Entry.GroupId = number;
                break;
            case Property.Major:
                Entry.Major = number;
                break;
            case Property.Minor:
                Entry.Minor = number;
                break;
            default:
                TakePlace(number);
                break;
        }
    }

    private void TakePlace(long number)
    {
        switch (_property)
        {
            case Property.Offset:
                Entry.Offset = number;
                break;
            case Property.EndOffset:
                Entry.EndOffset = number;
                break;
            case Property.InnerOffset:
                Entry.InnerOffset = number;
                break;
            case Property.ChunkSize:
                Entry.ChunkSize = number;
                break;
            case Property.ChunkOffset:
                Entry.ChunkOffset = number;
                break;
        }
    }

    private void TakeAttribute(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _attribute = reader.GetString();
            if (_attribute!.Contains('\uFFFD', StringComparison.Ordinal))
                throw new InvalidDataException("an extended attribute's name in the layer is not UTF-8, which its table of contents cannot tell");
        }
        else if (reader.TokenType == JsonTokenType.String && _attribute is not null)
        {
            if (_attribute.Length > MaxAttributeName || !reader.TryGetBytesFromBase64(out var value) || value.Length > MaxAttribute)
                throw Damaged("an extended attribute");

            Entry.ExtendedAttributes ??= [];
            Entry.ExtendedAttributes.Add(new(_attribute, value));
            if (Entry.ExtendedAttributes.Count > MaxAttributes)
                throw Damaged("the number of extended attributes");
        }
    }

    private static TableEntryType TypeOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("reg"u8) ? TableEntryType.Regular
        : reader.ValueTextEquals("chunk"u8) ? TableEntryType.Chunk
        : reader.ValueTextEquals("dir"u8) ? TableEntryType.Directory
        : reader.ValueTextEquals("symlink"u8) ? TableEntryType.SymbolicLink
        : reader.ValueTextEquals("hardlink"u8) ? TableEntryType.HardLink
        : reader.ValueTextEquals("char"u8) ? TableEntryType.CharacterDevice
        : reader.ValueTextEquals("block"u8) ? TableEntryType.BlockDevice
        : reader.ValueTextEquals("fifo"u8) ? TableEntryType.Pipe
        : throw Damaged("the type of an entry");

    private static ChunkDigest? DigestOf(ref Utf8JsonReader reader) =>
        reader.ValueSpan.IsEmpty ? null : ChunkDigest.TryParse(reader.ValueSpan, out var digest) ? digest : throw Damaged("a digest");

    private static InvalidDataException Damaged(string what) => new($"the layer's table of contents is damaged: {what} cannot be");
}
