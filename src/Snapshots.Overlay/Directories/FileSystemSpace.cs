namespace Containerd.Snapshots.Overlay;

/// <summary>The space on a file system.</summary>
/// <param name="FreeBytes">The free bytes that users other than root can use.</param>
/// <param name="TotalBytes">All bytes.</param>
/// <param name="FreeInodes">The free inodes; 0 on a file system that makes inodes as it needs them, such as btrfs.</param>
/// <param name="TotalInodes">All inodes; 0 on such a file system.</param>
public readonly record struct FileSystemSpace(long FreeBytes, long TotalBytes, long FreeInodes, long TotalInodes);
