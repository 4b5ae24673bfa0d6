using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Overlay;

/// <summary><c>struct statx</c>, which is the same on every processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    /// <summary>STATX_TYPE, MODE, NLINK, UID, GID, INO, BLOCKS and MNT_ID.</summary>
    public const uint Wanted = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100 | 0x400 | MountIdKnown;

    private const uint MountIdKnown = 0x1000; // Linux 5.8
    private const ulong ImmutableAttribute = 0x10, AppendOnlyAttribute = 0x20, MountRootAttribute = 0x2000;
    private const int TypeMask = 0xF000, DirectoryType = 0x4000;

    [FieldOffset(0)]
    private readonly uint _known;

    [FieldOffset(8)]
    private readonly ulong _attributes;

    [FieldOffset(16)]
    public readonly uint Links;

    [FieldOffset(20)]
    private readonly uint _user;

    [FieldOffset(24)]
    private readonly uint _group;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(48)]
    private readonly long _blocks;

    [FieldOffset(136)]
    private readonly uint _deviceMajor;

    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    [FieldOffset(144)]
    private readonly ulong _mountId;

    /// <summary>Which file it is; unique while the file exists.</summary>
    public readonly FileIdentity Identity => new(Device, _inode);

    /// <summary>Which mount it was reached through. Before Linux 5.8 all that can be told is the file system.</summary>
    public readonly MountIdentity Mount => new(Device, (_known & MountIdKnown) != 0 ? _mountId : 0);

    public readonly bool IsDirectory => (_mode & TypeMask) == DirectoryType;

    public readonly bool IsImmutable => (_attributes & ImmutableAttribute) != 0;

    public readonly bool IsAppendOnly => (_attributes & AppendOnlyAttribute) != 0;

    /// <summary>Whether it is the root of what is mounted there.</summary>
    public readonly bool IsMountRoot => (_attributes & MountRootAttribute) != 0;

    public readonly Owner Owner => new(_user, _group);

    /// <summary>The mode without the type, but with set-group-id and the like.</summary>
    public readonly uint Mode => (uint)_mode & ~(uint)TypeMask;

    /// <summary>The bytes allocated: the kernel counts blocks of 512 bytes, whatever the file system's are.</summary>
    public readonly long AllocatedBytes => _blocks * 512;

    private readonly ulong Device => ((ulong)_deviceMajor << 32) | _deviceMinor;
}

/// <summary>Which file it is.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);

/// <summary>Which mount it is.</summary>
internal readonly record struct MountIdentity(ulong Device, ulong Id);

/// <summary>The ids of a user and a group.</summary>
internal readonly record struct Owner(uint User, uint Group);
