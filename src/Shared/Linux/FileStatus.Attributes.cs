namespace Containerd.Snapshots.Shared;

/// <content>The file's attributes, mount and allocated space.</content>
internal readonly partial struct FileStatus
{
    private const ulong ImmutableAttribute = 0x10, AppendOnlyAttribute = 0x20, MountRootAttribute = 0x2000;

    public bool IsImmutable => (_attributes & ImmutableAttribute) != 0;

    public bool IsAppendOnly => (_attributes & AppendOnlyAttribute) != 0;

    /// <summary>Whether something is mounted on it.</summary>
    public bool IsMountRoot => (_attributes & MountRootAttribute) != 0;

    /// <summary>
    /// The mount that it was reached through. Before Linux 5.8 the kernel reports only the device, which differs also between
    /// the subvolumes of a btrfs.
    /// </summary>
    public MountIdentity Mount => (_known & MountIdKnown) != 0 ? new(0, 0, _mountId) : new(_deviceMajor, _deviceMinor, 0);

    /// <summary>The bytes allocated: the kernel counts blocks of 512 bytes on every file system.</summary>
    public long AllocatedBytes => _blocks * 512;
}

/// <summary>Identifies a mount.</summary>
internal readonly record struct MountIdentity(uint DeviceMajor, uint DeviceMinor, ulong Id);
