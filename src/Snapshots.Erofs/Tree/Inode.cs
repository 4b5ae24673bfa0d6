namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>A file of any type. Several names can lead to it, but to a directory only one.</summary>
internal sealed class Inode(FileType type, ErofsAttributes attributes)
{
    private const string Capability = "security.capability";

    /// <summary>The type.</summary>
    public FileType Type => type;

    /// <summary>What the file has beside its content.</summary>
    public ErofsAttributes Attributes { get; set; } = attributes;

    /// <summary>The size of a regular file, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Where the content of a regular file begins, in bytes from the image's start.</summary>
    public long DataOffset { get; init; }

    /// <summary>The target of a symbolic link.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>The number of a device, as Linux encodes it.</summary>
    public uint Device { get; init; }

    /// <summary>The directory above; the root is its own.</summary>
    public Inode Parent { get => field ?? this; set; } = null!;

    /// <summary>The name of a directory in the one above; empty for other types.</summary>
    public string Name { get; set; } = "";

    /// <summary>The files of a directory by name; null for other types. Names are bytes, one in each character.</summary>
    public Dictionary<string, Inode>? Files { get; } = type == FileType.Directory ? new(StringComparer.Ordinal) : null;

    /// <summary>How many names lead to the file.</summary>
    public uint Names { get; set; }

    /// <summary>Whether no entry of the layer describes the directory: a path through it made it.</summary>
    public bool IsImplied { get; set; }

    /// <summary>The place of the entry that set the time, among those of directories; 0 for other files.</summary>
    public int Order { get; set; }

    /// <summary>Whether that entry's path leads through symbolic links.</summary>
    public bool IsOrderedByLinks { get; set; }

    /// <summary>Where the metadata has the inode, in bytes from the start of the metadata; negative until it is laid out.</summary>
    public long Position { get; set; } = -1;

    /// <summary>
    /// Changes the attributes. Extended attributes that the new ones lack stay, but for the capabilities of a file, which the
    /// kernel removes when the owner is set. The mode of a symbolic link stays.
    /// </summary>
    public void Change(ErofsAttributes attributes)
    {
        var added = attributes.ExtendedAttributes ?? [];
        var kept = (Attributes.ExtendedAttributes ?? [])
            .Where(each => added.All(other => other.Key != each.Key) && (type == FileType.Directory || each.Key != Capability));
        Attributes = attributes with
        {
            Mode = type == FileType.SymbolicLink ? Attributes.Mode : attributes.Mode,
            ExtendedAttributes = [.. kept, .. added],
        };
    }

    /// <summary>Sets one extended attribute.</summary>
    public void SetAttribute(string name, byte[] value) => Attributes = Attributes with
    {
        ExtendedAttributes = [.. (Attributes.ExtendedAttributes ?? []).Where(each => each.Key != name), new(name, value)],
    };
}

/// <summary>Types of files, with the numbers that EROFS gives them in directories.</summary>
internal enum FileType : byte
{
    Regular = 1,
    Directory = 2,
    CharacterDevice = 3,
    BlockDevice = 4,
    Pipe = 5,
    Socket = 6,
    SymbolicLink = 7,
}
