using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>Options of <see cref="ErofsMount.Mount"/>.</summary>
public sealed record ErofsMountOptions
{
    /// <summary>What the kernel reads the image through; automatic by default.</summary>
    public ErofsBacking Backing { get; init; }

    /// <summary>
    /// The SELinux context of all files, such as <c>system_u:object_r:container_ro_file_t:s0</c>; null, the default, for none.
    /// A kernel without SELinux refuses it.
    /// </summary>
    public string? SelinuxContext { get; init; }

    /// <summary>
    /// The user namespace by whose id mapping the owners of files appear; null, the default, for the owners as they are. Open
    /// <c>/proc/PID/ns/user</c> of a process in it. Linux 5.19 and newer.
    /// </summary>
    public SafeFileHandle? UserNamespace { get; init; }
}

/// <summary>What the kernel reads an image through.</summary>
public enum ErofsBacking
{
    /// <summary>The file itself if the kernel can, otherwise a loop device.</summary>
    Automatic,

    /// <summary>
    /// The file itself: Linux 6.12 and newer, with the setting CONFIG_EROFS_FS_BACKED_BY_FILE, and not with a file on an overlay.
    /// </summary>
    File,

    /// <summary>A loop device, which reads the file without the page cache where it can, and is freed with the mount.</summary>
    LoopDevice,
}
