using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Mounts of the newer calls (Linux 5.2), which do not become visible before they are moved to a directory.</content>
internal static partial class Linux
{
    // The system calls have the same numbers on x64 and arm64; glibc has functions only since 2.36.
    private const nint OpenTreeCall = 428, MoveMountCall = 429, OpenFileSystemCall = 430, ConfigureCall = 431, MountFileSystemCall = 432, SetAttributesCall = 442;
    private const uint CloseOnExecFlag = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
    private const uint CloneTreeFlags = 1 | 0x80000; // OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC
    private const uint EmptySource = 4, BelowTarget = 0x200; // MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_BENEATH
    private const int CurrentFolder = -100, EmptyPath = 0x1000, RecursiveFlag = 0x8000; // AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE

    /// <summary>Begins a new file system. <see cref="Errno.NoDevice"/>: the kernel does not know the type.</summary>
    public static int OpenFileSystem(string type, out SafeFileHandle fileSystem) => Opened((int)Call(OpenFileSystemCall, type, CloseOnExecFlag), out fileSystem);

    /// <summary>Sets an option that has a value.</summary>
    public static int SetFileSystemOption(SafeFileHandle fileSystem, string key, string value) => Result((int)Call(ConfigureCall, fileSystem, 1, key, value, 0)); // FSCONFIG_SET_STRING

    /// <summary>Sets an option that has none.</summary>
    public static int SetFileSystemFlag(SafeFileHandle fileSystem, string key) => Result((int)Call(ConfigureCall, fileSystem, 0, key, null, 0)); // FSCONFIG_SET_FLAG

    /// <summary>Makes the file system, or gets that which exists for the same source.</summary>
    public static int CreateFileSystem(SafeFileHandle fileSystem) => Result((int)Call(ConfigureCall, fileSystem, 6, null, null, 0)); // FSCONFIG_CMD_CREATE

    /// <summary>Makes a mount, which is visible nowhere.</summary>
    public static int MountFileSystem(SafeFileHandle fileSystem, MountAttributes attributes, out SafeFileHandle mount) =>
        Opened((int)Call(MountFileSystemCall, fileSystem, CloseOnExecFlag, (uint)attributes), out mount);

    /// <summary>Makes a mount of a directory, which is visible nowhere.</summary>
    public static int CloneMount(string directory, out SafeFileHandle mount) => Opened((int)Call(OpenTreeCall, CurrentFolder, directory, CloneTreeFlags), out mount);

    /// <summary>Makes a mount visible at a directory.</summary>
    public static int MoveMount(SafeFileHandle mount, string directory) => Result((int)Call(MoveMountCall, mount, "", CurrentFolder, directory, EmptySource));

    /// <summary>Puts a mount below the one at a directory, where it is visible once that one is gone (Linux 6.5).</summary>
    public static int MoveMountBeneath(SafeFileHandle mount, string directory) =>
        Result((int)Call(MoveMountCall, mount, "", CurrentFolder, directory, EmptySource | BelowTarget));

    /// <summary>Changes a mount (Linux 5.12).</summary>
    public static int SetMountAttributes(SafeFileHandle mount, in MountChange change) => Result((int)Call(SetAttributesCall, mount, "", EmptyPath | RecursiveFlag, change, 32));

    /// <summary>Removes the mount at a directory.</summary>
    public static int Unmount(string directory, UnmountFlags flags) => Result(UnmountAt(directory, (int)flags));

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountAt(string directory, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Call(nint number, string type, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Call(nint number, SafeFileHandle fileSystem, uint command, string? key, string? value, int auxiliary);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, SafeFileHandle fileSystem, uint flags, uint attributes);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Call(nint number, int directory, string path, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Call(nint number, SafeFileHandle from, string fromPath, int to, string toPath, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Call(nint number, SafeFileHandle mount, string path, uint flags, in MountChange change, nuint size);
}

/// <summary>What a mount forbids, whatever the file system says.</summary>
[Flags]
internal enum MountAttributes : uint
{
    None = 0,
    ReadOnly = 1, // MOUNT_ATTR_RDONLY
    IdMapped = 0x100000, // MOUNT_ATTR_IDMAP
}

/// <summary><c>struct mount_attr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MountChange
{
    public ulong Set, Clear, Propagation, UserNamespace;
}

/// <summary>The flags of umount2(2).</summary>
[Flags]
internal enum UnmountFlags
{
    None = 0,
    Force = 1, // MNT_FORCE
    Lazy = 2, // MNT_DETACH
    NoFollow = 8, // UMOUNT_NOFOLLOW
}
