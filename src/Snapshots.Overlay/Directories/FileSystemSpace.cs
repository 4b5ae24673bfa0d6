namespace Containerd.Snapshots.Overlay;

/// <summary>How much room a file system has. One that makes inodes as it needs them, such as btrfs, says 0 of both.</summary>
/// <param name="FreeBytes">Bytes that are free for everyone.</param>
/// <param name="TotalBytes">Bytes in all.</param>
/// <param name="FreeInodes">Inodes that are free.</param>
/// <param name="TotalInodes">Inodes in all.</param>
public readonly record struct FileSystemSpace(long FreeBytes, long TotalBytes, long FreeInodes, long TotalInodes);
