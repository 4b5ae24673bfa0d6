using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>Who owns a file, and what room there is.</content>
internal static partial class Linux
{
    private const uint TypeModeAndOwner = 0x1B; // STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID
    private const int WriteAndEnter = 2 | 1; // W_OK, X_OK

    // struct statfs on 64-bit processors, in words.
    private const int StatfsLength = 64, BlocksAvailableAt = 4, InodesAt = 5, InodesFreeAt = 6, BlockSizeAt = 9, FlagsAt = 10;
    private const long ReadOnly = 1; // ST_RDONLY

    /// <summary>Whose a file is, or null if there is none; links are followed.</summary>
    public static FileOwnership? Look(string path) => Look(path, 0);

    /// <summary>Whose a file is, or null if there is none; links are not followed.</summary>
    public static FileOwnership? LookAtLink(string path) => Look(path, NoFollow);

    /// <summary>Whether this process may create files in a directory.</summary>
    public static bool CanWriteIn(string directory) => Access(directory, WriteAndEnter) == 0;

    /// <summary>Whether the file system of a directory, or its mount, is read-only.</summary>
    public static bool IsReadOnly(string directory)
    {
        Span<long> status = stackalloc long[StatfsLength];
        LookAtFileSystem(directory, status);
        return (status[FlagsAt] & ReadOnly) != 0;
    }

    /// <summary>The room that the file system of a directory has.</summary>
    public static FreeSpace SpaceOf(string directory)
    {
        Span<long> status = stackalloc long[StatfsLength];
        LookAtFileSystem(directory, status);
        return new(status[BlocksAvailableAt] * status[BlockSizeAt], status[InodesAt] > 0, status[InodesFreeAt]);
    }

    private static void LookAtFileSystem(string directory, Span<long> status)
    {
        if (Statfs(directory, status) != 0)
            throw Failed($"Cannot look at the file system of \"{directory}\"", Marshal.GetLastPInvokeError());
    }

    private static FileOwnership? Look(string path, int flags)
    {
        if (Statx(CurrentDirectory, path, flags, TypeModeAndOwner, out var status) == 0)
            return new(status.User, status.Group, (UnixFileMode)(status.Mode & ~TypeMask));

        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotADirectory ? null : throw Failed($"Cannot look at \"{path}\"", error);
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statfs(string path, Span<long> status);
}

/// <summary>Whose a file is, and what others may do with it.</summary>
internal readonly record struct FileOwnership(uint User, uint Group, UnixFileMode Mode)
{
    public bool IsWritableByOthers => Mode.HasFlag(UnixFileMode.OtherWrite);

    public bool IsWritableByGroup => Mode.HasFlag(UnixFileMode.GroupWrite);

    public bool IsOpenToOthers => Mode.HasFlag(UnixFileMode.OtherExecute);

    public bool IsSticky => Mode.HasFlag(UnixFileMode.StickyBit);

    /// <summary>The mode as people write it.</summary>
    public string Octal => InOctal(Mode);

    public static string InOctal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}

/// <summary>What a file system has left.</summary>
/// <param name="FreeBytes">For those who are not root.</param>
/// <param name="HasInodes">Whether it counts inodes at all; btrfs does not.</param>
/// <param name="FreeInodes">How many files it can take.</param>
internal readonly record struct FreeSpace(long FreeBytes, bool HasInodes, long FreeInodes);
