namespace Containerd.Snapshots.Erofs.Tables;

/// <summary>An entry of a table: a file, or a further chunk of one. The reader uses one for all: it changes with the next entry.</summary>
internal sealed class TableEntry
{
    public TableEntryType Type { get; set; }

    /// <summary>The path, as UTF-8.</summary>
    public TableText Name { get; } = new();

    /// <summary>The target of a symbolic or hard link, as UTF-8.</summary>
    public TableText LinkName { get; } = new();

    /// <summary>The length of a regular file, in bytes.</summary>
    public long Size { get; set; }

    public long Mode { get; set; }

    public long UserId { get; set; }

    public long GroupId { get; set; }

    public Tar.TarTime ModifiedAt { get; set; }

    public long Major { get; set; }

    public long Minor { get; set; }

    /// <summary>The extended attributes; null for none.</summary>
    public List<KeyValuePair<string, byte[]>>? ExtendedAttributes { get; set; }

    /// <summary>Where the member or frame with the content begins in the blob.</summary>
    public long Offset { get; set; }

    /// <summary>Where the file's last frame ends in the blob; 0 if that is not known.</summary>
    public long EndOffset { get; set; }

    /// <summary>How many bytes the member has before the content, without compression.</summary>
    public long InnerOffset { get; set; }

    /// <summary>Where the chunk begins in the file.</summary>
    public long ChunkOffset { get; set; }

    /// <summary>The length of the chunk, in bytes; 0: it ends with the file.</summary>
    public long ChunkSize { get; set; }

    /// <summary>Whether the chunk is all zeros, and has no digest to verify.</summary>
    public bool IsZeros { get; set; }

    /// <summary>The digest of the chunk; null if the table has none.</summary>
    public ChunkDigest? ChunkDigest { get; set; }

    /// <summary>The digest of the file; null if the table has none.</summary>
    public ChunkDigest? Digest { get; set; }

    /// <summary>Begins another entry.</summary>
    public void Clear()
    {
        Name.Clear();
        LinkName.Clear();
        (Type, Size, Mode, UserId, GroupId, ModifiedAt, Major, Minor) = (TableEntryType.None, 0, 0, 0, 0, default, 0, 0);
        (Offset, EndOffset, InnerOffset, ChunkOffset, ChunkSize, IsZeros) = (0, 0, 0, 0, 0, false);
        (ExtendedAttributes, ChunkDigest, Digest) = (null, null, null);
    }
}

/// <summary>The types of entries.</summary>
internal enum TableEntryType
{
    None,
    Regular,
    Chunk,
    Directory,
    SymbolicLink,
    HardLink,
    CharacterDevice,
    BlockDevice,
    Pipe,
}

/// <summary>Text in a buffer that is used again.</summary>
internal sealed class TableText
{
    /// <summary>The most bytes; one more than any path has.</summary>
    public const int MaxLength = 4097;

    private readonly byte[] _buffer = new byte[MaxLength];
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Takes the text of a token.</summary>
    /// <exception cref="InvalidDataException">It is too long, or not what the archive has.</exception>
    public void Set(ref System.Text.Json.Utf8JsonReader reader)
    {
        // Without escapes no text is longer than this.
        const int LongestEscape = 6;
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > MaxLength * LongestEscape)
            throw TooLong();

        Span<byte> text = stackalloc byte[(int)length];
        text = text[..reader.CopyString(text)];
        if (text.Length > MaxLength)
            throw TooLong();

        // What is not UTF-8 in the archive is this character in the table: the name is lost.
        if (text.IndexOf("\uFFFD"u8) >= 0)
            throw new InvalidDataException("a name in the layer is not UTF-8, which its table of contents cannot tell");

        text.CopyTo(_buffer);
        _length = text.Length;
    }

    private static InvalidDataException TooLong() => new($"a name in the layer's table of contents has more than {MaxLength} bytes");
}
