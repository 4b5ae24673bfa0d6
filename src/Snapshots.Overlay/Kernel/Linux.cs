using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// The system calls that .NET does not offer. All but the first name a file by its directory's handle and a name in it,
/// as bytes that end in a zero: no path is too long, no link leads elsewhere, and no name has to be valid UTF-8.
/// They answer an <see cref="Errno"/>, 0 for success; <see cref="Errno.Failed"/> makes an exception of it.
/// </summary>
internal static partial class Linux
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int NoFollow = 0x100, RemoveDirectoryFlag = 0x200, NoAutomount = 0x800, EmptyPath = 0x1000; // AT_...

    // O_DIRECTORY and O_NOFOLLOW are the two flags that differ between processors.
    private static readonly int DirectoryOnly = IsArm ? 0x4000 : 0x10000;
    private static readonly int RefuseLink = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>Opens a directory by its path; links are followed.</summary>
    public static int OpenDirectory(string path, out SafeFileHandle directory) =>
        Opened(Open(path, DirectoryOnly | CloseOnExec), out directory);

    /// <summary>Opens a directory; a link in its place is refused.</summary>
    public static int OpenDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name, out SafeFileHandle directory) =>
        Opened(OpenAt(parent, name, DirectoryOnly | RefuseLink | CloseOnExec), out directory);

    /// <summary>What a name in a directory is; links are not followed.</summary>
    public static int Look(SafeFileHandle parent, ReadOnlySpan<byte> name, out FileStatus status) =>
        Result(Statx(parent, name, NoFollow | NoAutomount, FileStatus.Wanted, out status));

    /// <summary>What an open file is.</summary>
    public static int Look(SafeFileHandle file, out FileStatus status) =>
        Result(Statx(file, "\0"u8, EmptyPath, FileStatus.Wanted, out status));

    /// <summary>Makes a directory. The umask, or the parent's default access list, takes bits from the mode.</summary>
    public static int MakeDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name, uint mode) => Result(MkdirAt(parent, name, mode));

    public static int RemoveDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name) => Result(UnlinkAt(parent, name, RemoveDirectoryFlag));

    /// <summary>Removes anything but a directory.</summary>
    public static int RemoveFile(SafeFileHandle parent, ReadOnlySpan<byte> name) => Result(UnlinkAt(parent, name, 0));

    public static int SetMode(SafeFileHandle parent, ReadOnlySpan<byte> name, uint mode) => Result(FchmodAt(parent, name, mode, 0));

    public static int SetOwner(SafeFileHandle parent, ReadOnlySpan<byte> name, Owner owner) =>
        Result(FchownAt(parent, name, owner.User, owner.Group, NoFollow));

    /// <summary>Waits until a file, or a directory with its list of names, is on the disk.</summary>
    public static int Sync(SafeFileHandle file) => Result(Fsync(file));

    /// <summary>Waits until everything of a file system is on the disk.</summary>
    public static int SyncFileSystem(SafeFileHandle file) => Result(Syncfs(file));

    /// <summary>Reads some of a directory's entries.</summary>
    /// <param name="directory">The directory, which remembers how far it has been read.</param>
    /// <param name="buffer">Takes the entries.</param>
    /// <param name="length">How many bytes were read; 0 at the end.</param>
    public static int ReadEntries(SafeFileHandle directory, Span<byte> buffer, out int length)
    {
        length = (int)GetDents(directory, buffer, (nuint)buffer.Length);
        return Result(length);
    }

    /// <summary>The magic number of a file system's type, or 0 if it cannot be told.</summary>
    public static long FileSystemType(SafeFileHandle file)
    {
        Span<long> status = stackalloc long[64]; // struct statfs: the type comes first, and all of it is shorter than this.
        return Fstatfs(file, status) == 0 ? status[0] : 0;
    }

    /// <summary>How much room a file system has.</summary>
    public static int Space(SafeFileHandle file, out FileSystemSpace space)
    {
        // struct statfs: type, block size, blocks, free ones, those for everyone, inodes, free ones, id, length of names, and
        // the unit of the blocks.
        Span<long> status = stackalloc long[64];
        var error = Result(Fstatfs(file, status));
        space = new(status[9] * status[4], status[9] * status[2], status[6], status[5]);
        return error;
    }

    /// <summary>Lets other threads go first from now on; this is best effort.</summary>
    public static void LowerThreadPriority() => SetPriority(0, 0, 10); // PRIO_PROCESS, which on Linux is the calling thread.

    /// <summary>The owner of what this process makes.</summary>
    public static Owner CurrentOwner { get; } = new(GetEffectiveUser(), GetEffectiveGroup());

    private static int Opened(int handle, out SafeFileHandle file)
    {
        var error = Result(handle);
        file = new(handle, ownsHandle: true);
        return error;
    }

    private static int Result(int result) => result >= 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MkdirAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int FchmodAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int FchownAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int Syncfs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDents(SafeFileHandle directory, Span<byte> buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int Fstatfs(SafeFileHandle file, Span<long> status);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint id, int priority);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEffectiveGroup();
}
