using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>Opens a file by its path.</content>
internal static partial class Linux
{
    /// <summary>Opens a file or directory. Child processes do not inherit it.</summary>
    /// <param name="path">The path; links are followed unless the flags say otherwise.</param>
    /// <param name="flags"><see cref="OpenFlags"/>, or 0 to read a file.</param>
    /// <param name="file">The file; an invalid handle if the call failed.</param>
    public static int Open(string path, int flags, out SafeFileHandle file) => Opened(OpenPath(path, flags | OpenFlags.CloseOnExec), out file);

    /// <summary>Opens a file, and creates it if it is missing. Child processes do not inherit it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="flags"><see cref="OpenFlags"/>.</param>
    /// <param name="mode">The mode of a new file; the umask clears bits of it.</param>
    /// <param name="file">The file; an invalid handle if the call failed.</param>
    public static int Create(string path, int flags, UnixFileMode mode, out SafeFileHandle file) =>
        Opened(OpenPath(path, flags | OpenFlags.Create | OpenFlags.CloseOnExec, (uint)mode), out file);

    private static int Opened(int descriptor, out SafeFileHandle file)
    {
        var error = Result(descriptor);
        file = new(descriptor, ownsHandle: true);
        return error;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags, uint mode);
}

/// <summary>The flags of open(2).</summary>
internal static class OpenFlags
{
    public const int ReadWrite = 2; // O_RDWR
    public const int Create = 0x40; // O_CREAT
    public const int DoNotWait = 0x800; // O_NONBLOCK: does not wait for the other end of a pipe.
    public const int CloseOnExec = 0x80000; // O_CLOEXEC
    public const int PathOnly = 0x200000; // O_PATH: refers to a file, and needs no permission to read it.

    // The two flags that differ between processors.
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000; // O_DIRECTORY
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000; // O_NOFOLLOW

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
}
