using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Hosting;

/// <summary>The system calls that .NET does not offer.</summary>
internal static partial class Linux
{
    private const int CurrentDirectory = -100, NoFollow = 0x100;
    private const uint TypeAndMode = 0x3;
    private const int NoSuchFile = 2, TryAgain = 11;
    private const ushort TypeMask = 0xF000, SocketType = 0xC000;

    /// <summary>What is at a path; links are not followed.</summary>
    public static FileType TypeOf(string path)
    {
        if (Statx(CurrentDirectory, path, NoFollow, TypeAndMode, out var status) == 0)
            return (status.Mode & TypeMask) == SocketType ? FileType.Socket : FileType.Other;

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchFile
            ? FileType.Missing
            : throw new IOException($"Cannot look at \"{path}\": {Marshal.GetPInvokeErrorMessage(error)}.", new Win32Exception(error));
    }

    /// <summary>Creates a directory, and those above it, with a mode; one that is there already keeps its own.</summary>
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
    public static bool IsTaken(IOException exception) => exception.HResult == TryAgain;

    /// <summary>Sets the mode of an open file or socket; one that is not bound yet gets it when it is.</summary>
    public static void SetMode(SafeHandle handle, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        using var file = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false);
        File.SetUnixFileMode(file, mode);
    }

    private static SetupException NotLinux() => new("containerd's proxy plugins need Linux");

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Status status);

    /// <summary><c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}

/// <summary>What a path leads to, as far as a server's socket is concerned.</summary>
internal enum FileType
{
    Missing,
    Socket,
    Other,
}
