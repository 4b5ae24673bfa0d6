using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <summary><c>struct statx</c>, which is the same on every processor; without the times.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly partial struct FileStatus
{
    /// <summary>
    /// STATX_TYPE, MODE, NLINK, UID, GID, INO, SIZE, BLOCKS and MNT_ID. No times: since Linux 6.13, a file whose times were
    /// read gets new times with its next change, and each sync then writes one more block.
    /// </summary>
    public const uint Wanted = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100 | 0x200 | 0x400 | MountIdKnown;

    private const uint MountIdKnown = 0x1000; // Linux 5.8

    [FieldOffset(0)]
    private readonly uint _known;

    [FieldOffset(8)]
    private readonly ulong _attributes;

    /// <summary>The number of hard links.</summary>
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

    /// <summary>The length in bytes.</summary>
    [FieldOffset(40)]
    public readonly long Length;

    [FieldOffset(48)]
    private readonly long _blocks;

    [FieldOffset(136)]
    private readonly uint _deviceMajor;

    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    [FieldOffset(144)]
    private readonly ulong _mountId;
}
