using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>The file system that a file is on.</content>
internal static partial class Linux
{
    /// <summary>Gets the status of the file system of an open file.</summary>
    public static int LookAtFileSystem(SafeFileHandle file, out FileSystemStatus status) => Result(Fstatfs(file, out status));

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int Fstatfs(SafeFileHandle file, out FileSystemStatus status);
}

/// <summary><c>struct statfs</c> on 64-bit processors, where it has 120 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 512)]
internal readonly struct FileSystemStatus
{
    /// <summary>The bit of <see cref="Flags"/> for a file system or mount that is read-only.</summary>
    public const long ReadOnly = 1; // ST_RDONLY

    /// <summary>The magic number of the file system's type.</summary>
    [FieldOffset(0)]
    public readonly long Type;

    [FieldOffset(16)]
    public readonly long Blocks;

    [FieldOffset(32)]
    private readonly long _availableBlocks;

    /// <summary>All inodes; 0 on a file system that makes inodes as it needs them, such as btrfs.</summary>
    [FieldOffset(40)]
    public readonly long Inodes;

    [FieldOffset(48)]
    public readonly long FreeInodes;

    /// <summary>The size of a block in bytes.</summary>
    [FieldOffset(72)]
    public readonly long BlockSize;

    [FieldOffset(80)]
    public readonly long Flags;

    /// <summary>The free bytes that users other than root can use.</summary>
    public long FreeBytes => _availableBlocks * BlockSize;
}
