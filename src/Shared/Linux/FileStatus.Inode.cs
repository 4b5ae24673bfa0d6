namespace Containerd.Snapshots.Shared;

/// <content>The file's identity, type, permissions and owner.</content>
internal readonly partial struct FileStatus
{
    private const int TypeMask = 0xF000; // S_IFMT

    /// <summary>Identifies the file while it exists.</summary>
    public FileIdentity Identity => new(_deviceMajor, _deviceMinor, _inode);

    public FileType Type => (FileType)(_mode & TypeMask);

    /// <summary>The mode without the type, but with set-user-id, set-group-id and the sticky bit.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(_mode & ~TypeMask);

    public Owner Owner => new(_user, _group);
}

/// <summary>Identifies a file while it exists.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode);

/// <summary>A file's type, as in its mode.</summary>
internal enum FileType
{
    Directory = 0x4000,
    Regular = 0x8000,
    Link = 0xA000,
    Socket = 0xC000,
}
