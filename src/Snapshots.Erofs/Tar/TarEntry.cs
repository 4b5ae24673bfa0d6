namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>A file in a tar archive.</summary>
internal sealed class TarEntry
{
    public required TarType Type { get; init; }

    /// <summary>The path, as bytes.</summary>
    public required byte[] Path { get; set; }

    /// <summary>The target of a symbolic or hard link, as bytes.</summary>
    public required byte[] Target { get; set; }

    public required int Mode { get; init; }

    public required long UserId { get; set; }

    public required long GroupId { get; set; }

    /// <summary>The time of the last change: whole seconds since 1970, rounded down, and the nanoseconds after them.</summary>
    public required (long Seconds, uint Nanoseconds) ModifiedAt { get; set; }

    public required long Major { get; init; }

    public required long Minor { get; init; }

    /// <summary>The length of the file, in bytes; that of a sparse one with its holes.</summary>
    public required long Size { get; set; }

    /// <summary>The length of the content in the archive, in bytes.</summary>
    public required long StoredSize { get; set; }

    /// <summary>The parts of a sparse file that the archive holds, in order; null for other files.</summary>
    public IReadOnlyList<TarPart>? Parts { get; set; }

    /// <summary>The extended attributes.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> ExtendedAttributes { get; set; } = [];
}

/// <summary>A part of a sparse file.</summary>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Length">Its length, in bytes.</param>
internal readonly record struct TarPart(long Offset, long Length);

/// <summary>Types of entries, as the header has them.</summary>
internal enum TarType : byte
{
    OldRegular = 0,
    Regular = (byte)'0',
    HardLink = (byte)'1',
    SymbolicLink = (byte)'2',
    CharacterDevice = (byte)'3',
    BlockDevice = (byte)'4',
    Directory = (byte)'5',
    Pipe = (byte)'6',
    Contiguous = (byte)'7',
    GnuLongTarget = (byte)'K',
    GnuLongPath = (byte)'L',
    GnuSparse = (byte)'S',
    GlobalRecords = (byte)'g',
    Records = (byte)'x',
}
