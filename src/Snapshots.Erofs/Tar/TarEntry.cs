namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>A file in a tar archive. The reader uses one for all: it changes with the next file.</summary>
internal sealed class TarEntry
{
    public TarType Type { get; set; }

    /// <summary>The path, as bytes.</summary>
    public ReadOnlyMemory<byte> Path { get; set; }

    /// <summary>The target of a symbolic or hard link, as bytes.</summary>
    public ReadOnlyMemory<byte> Target { get; set; }

    /// <summary>The permissions: 12 bits.</summary>
    public int Mode { get; set; }

    public long UserId { get; set; }

    public long GroupId { get; set; }

    /// <summary>The time of the last change.</summary>
    public TarTime ModifiedAt { get; set; }

    public long Major { get; set; }

    public long Minor { get; set; }

    /// <summary>The length of the file, in bytes; that of a sparse one with its holes.</summary>
    public long Size { get; set; }

    /// <summary>The parts of a sparse file that the archive holds, in order; null for other files.</summary>
    public IReadOnlyList<TarPart>? Parts { get; set; }

    /// <summary>The extended attributes.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> ExtendedAttributes { get; set; } = [];
}

/// <summary>A part of a sparse file.</summary>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Length">Its length, in bytes.</param>
internal readonly record struct TarPart(long Offset, long Length);

/// <summary>A time.</summary>
/// <param name="Seconds">Whole seconds since 1970, rounded down.</param>
/// <param name="Nanoseconds">The nanoseconds after them.</param>
internal readonly record struct TarTime(long Seconds, uint Nanoseconds);

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
    GnuLongTarget = (byte)'K',
    GnuLongPath = (byte)'L',
    GlobalRecords = (byte)'g',
    Records = (byte)'x',
}
