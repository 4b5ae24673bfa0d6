using System.ComponentModel;
using System.Runtime.InteropServices;
using Containerd.Snapshots.Hosting.Reporting;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <summary>The system calls that .NET does not offer, or offers on some systems only.</summary>
internal static partial class Linux
{
    private const int CurrentDirectory = -100, NoFollow = 0x100; // AT_FDCWD, AT_SYMLINK_NOFOLLOW
    private const uint TypeModeAndInode = 0x103; // STATX_TYPE | STATX_MODE | STATX_INO
    private const int PathOnly = 0x200000, CloseOnExec = 0x80000; // O_PATH, O_CLOEXEC
    private static readonly int RefuseLink = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000; // O_NOFOLLOW
    private const int NoSuchFile = 2, TryAgain = 11, NotADirectory = 20;
    private const ushort TypeMask = 0xF000, SocketType = 0xC000;

    /// <summary>What is at a path, or null if there is nothing; links are not followed.</summary>
    public static FileIdentity? Identify(string path)
    {
        if (Statx(CurrentDirectory, path, NoFollow, TypeModeAndInode, out var status) == 0)
            return status.Identity;

        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotADirectory ? null : throw Failed($"Cannot look at \"{path}\"", error);
    }

    /// <summary>What a descriptor is open on, or null if it is closed.</summary>
    public static FileIdentity? Identify(int descriptor) =>
        Statx(descriptor, "", EmptyPath, TypeModeAndInode, out var status) == 0 ? status.Identity : null;

    /// <summary>Opens a directory, so that it can be named by a short path however long its own is.</summary>
    public static SafeFileHandle OpenDirectory(string path) => OpenPath(path, 0);

    /// <summary>Opens a file, only to name it whatever becomes of its path; a link is not followed.</summary>
    public static SafeFileHandle OpenFile(string path) => OpenPath(path, RefuseLink);

    /// <summary>Creates a directory with a mode; one that is there already keeps its own.</summary>
    public static void CreateDirectory(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        Directory.CreateDirectory(path, mode);
    }

    /// <summary>Opens a file, which is created with a mode where it is missing, for this process alone.</summary>
    /// <exception cref="IOException">Another process has it: <see cref="IsTaken"/>.</exception>
    public static FileStream OpenAlone(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            UnixCreateMode = mode,
        });
    }

    /// <summary>Whether opening a file failed because another process has it.</summary>
    public static bool IsTaken(Exception exception) => exception is IOException { HResult: TryAgain };

    /// <summary>Sets the mode of an open file or socket; one that is not bound yet gets it when it is.</summary>
    public static void SetMode(SafeHandle handle, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        using var file = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false);
        File.SetUnixFileMode(file, mode);
    }

    /// <summary>Sets the mode of a file.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        File.SetUnixFileMode(path, mode);
    }

    private static SafeFileHandle OpenPath(string path, int flags)
    {
        var handle = Open(path, PathOnly | CloseOnExec | flags);
        return handle >= 0 ? new(handle, ownsHandle: true) : throw Failed($"Cannot open \"{path}\"", Marshal.GetLastPInvokeError());
    }

    private static IOException Failed(string what, int error) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}.", new Win32Exception(error));

    private static SetupException NotLinux() => new("containerd's proxy plugins need Linux");

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    /// <summary><c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        public readonly FileIdentity Identity => new(DeviceMajor, DeviceMinor, Inode, (Mode & TypeMask) == SocketType);
    }
}

/// <summary>Which file it is, and whether it is a socket.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode, bool IsSocket)
{
    /// <summary>The device as the C library has it in one number, makedev(3).</summary>
    public ulong Device =>
        ((DeviceMajor & 0xFFFF_F000UL) << 32) | ((DeviceMajor & 0xFFFUL) << 8) | ((DeviceMinor & 0xFFFF_FF00UL) << 12) | (DeviceMinor & 0xFFUL);
}
