using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Opens, creates, removes and lists names in an open directory.</content>
internal static partial class Linux
{
    private const int RemoveDirectoryFlag = 0x200; // AT_REMOVEDIR

    /// <summary>Opens a directory in another one. Fails if the name is a link.</summary>
    public static int OpenDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name, out SafeFileHandle directory) =>
        Opened(OpenAt(parent, name, OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.CloseOnExec), out directory);

    /// <summary>Creates a directory. The umask, or the parent's default access list, clears bits of the mode.</summary>
    public static int MakeDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name, UnixFileMode mode) => Result(MkdirAt(parent, name, (uint)mode));

    /// <summary>Sets the mode of a file or directory. Follows links.</summary>
    public static int SetMode(SafeFileHandle parent, ReadOnlySpan<byte> name, UnixFileMode mode) => Result(FchmodAt(parent, name, (uint)mode, 0));

    /// <summary>Creates a symbolic link.</summary>
    public static int MakeLink(SafeFileHandle parent, ReadOnlySpan<byte> name, string target) => Result(SymlinkAt(target, parent, name));

    /// <summary>Removes an empty directory.</summary>
    public static int RemoveDirectory(SafeFileHandle parent, ReadOnlySpan<byte> name) => Result(UnlinkAt(parent, name, RemoveDirectoryFlag));

    /// <summary>Removes anything but a directory.</summary>
    public static int RemoveFile(SafeFileHandle parent, ReadOnlySpan<byte> name) => Result(UnlinkAt(parent, name, 0));

    /// <summary>Reads the next entries of a directory.</summary>
    /// <param name="directory">The directory, whose handle keeps the position.</param>
    /// <param name="buffer">Receives the entries, as <see cref="DirectoryEntries"/> reads them.</param>
    /// <param name="length">How many bytes were read; 0 at the end.</param>
    public static int ReadEntries(SafeFileHandle directory, Span<byte> buffer, out int length)
    {
        length = (int)GetDents(directory, buffer, (nuint)buffer.Length);
        return Result(length);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MkdirAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int FchmodAt(SafeFileHandle directory, ReadOnlySpan<byte> name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SymlinkAt(string target, SafeFileHandle directory, ReadOnlySpan<byte> name);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle directory, ReadOnlySpan<byte> name, int flags);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDents(SafeFileHandle directory, Span<byte> buffer, nuint size);
}
