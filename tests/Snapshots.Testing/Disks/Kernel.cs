using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Tests.Disks;

/// <summary>System calls that tests make.</summary>
public static partial class Kernel
{
    private const int ShareNoDirectory = 0x200; // CLONE_FS
    private const int Detach = 2; // MNT_DETACH
    private const int Hole = 4; // SEEK_HOLE
    private const ulong ShutDownFileSystem = 0x8004587D; // FS_IOC_SHUTDOWN
    private const uint LoseLog = 2; // FS_SHUTDOWN_FLAGS_NOLOGFLUSH

    /// <summary>Mounts with another current directory, to which paths in the options are relative.</summary>
    public static void Mount(string? from, string source, string target, string type, ulong flags, string data)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Attempt(() =>
        {
            Check(Unshare(ShareNoDirectory), "unshare"); // Before this, all threads share one current directory.
            if (from is not null)
                Check(ChangeDirectory(from), $"chdir {from}");
            Check(MountAt(source, target, type, flags, data), $"mount {type} {source} {target} {flags:x} {data}");
        }));
        thread.Start();
        thread.Join();
        if (failure is not null)
            throw failure;
    }

    /// <summary>Unmounts everything that is mounted at a path.</summary>
    public static void Unmount(string target)
    {
        while (UnmountAt(target, Detach) == 0)
        {
        }
    }

    /// <summary>Shuts a file system down: it writes nothing more, not even the part of its journal that is in memory.</summary>
    public static void ShutDown(string path)
    {
        using var directory = OpenDirectory(path);
        Check(Control(directory, ShutDownFileSystem, LoseLog), $"shut down {path}");
    }

    /// <summary>Waits until everything on the file system of a path is on its disk.</summary>
    public static void SyncFileSystem(string path)
    {
        using var directory = OpenDirectory(path);
        if (Syncfs(directory) < 0)
            throw new IOException($"syncfs {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Sets the umask of the process and returns the previous one.</summary>
    public static uint Mask(uint mask) => Umask(mask);

    /// <summary>The offset of a file's first hole, or the file's length if it has no hole.</summary>
    public static long FirstHole(string path)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        var offset = Seek(file, 0, Hole);
        Check(Math.Sign(offset), $"lseek {path}");
        return offset;
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Open(path, 0);
        Check(descriptor, $"open {path}");
        return new(descriptor, ownsHandle: true);
    }

    private static Exception? Attempt(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Win32Exception exception)
        {
            return exception;
        }
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountAt(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountAt(string target, int flags);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeDirectory(string path);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, ulong request, in uint flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int Syncfs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
