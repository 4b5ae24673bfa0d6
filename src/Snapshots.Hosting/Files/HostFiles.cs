using System.Runtime.InteropServices;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Hosting.Files;

/// <summary>The host's operations on files.</summary>
internal static class HostFiles
{
    /// <summary>Gets the status of a file, or null if it does not exist.</summary>
    /// <exception cref="IOException">The kernel reports an error.</exception>
    public static FileStatus? Look(string path, LinkHandling links) => Linux.Look(path, links, out var status) switch
    {
        0 => status,
        Errno.NoSuchFile or Errno.NotADirectory => null,
        var error => throw Linux.Failed(error, $"cannot read the status of \"{path}\""),
    };

    /// <summary>Opens a file or directory with O_PATH: the handle gives a short path to it, and stays valid if it is renamed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="flags">More <see cref="OpenFlags"/>, or 0.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SafeFileHandle OpenPath(string path, int flags)
    {
        var error = Linux.Open(path, OpenFlags.PathOnly | flags, out var file);
        if (error == 0)
            return file;

        file.Dispose();
        throw Linux.Failed(error, $"cannot open \"{path}\"");
    }

    /// <summary>Creates a directory with a mode; an existing one keeps its own.</summary>
    public static void CreateDirectory(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        Directory.CreateDirectory(path, mode);
    }

    /// <summary>Opens a file for this process only; creates it with a mode if it is missing.</summary>
    /// <exception cref="IOException">
    /// Another process has the file open (<see cref="IsTaken"/>), it cannot be opened, or it is a link or another user's.
    /// </exception>
    public static FileStream OpenAlone(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        return new FileStream(LockFile.Acquire(path, mode), FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>Whether opening a file failed because another process has it open.</summary>
    public static bool IsTaken(Exception exception) => exception is IOException { HResult: Errno.TryAgain };

    /// <summary>Sets the owner of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="user">The user's number; null leaves the user as it is.</param>
    /// <param name="group">The group's number; null leaves the group as it is.</param>
    /// <exception cref="IOException">The owner cannot be changed.</exception>
    public static void SetOwner(SafeFileHandle file, uint? user, uint? group)
    {
        var error = Linux.SetOwner(file, "\0"u8, new(user ?? Owner.Unchanged, group ?? Owner.Unchanged));
        if (error != 0)
            throw Linux.Failed(error, "cannot change the owner of the socket");
    }

    /// <summary>Sets the mode of a file.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        File.SetUnixFileMode(path, mode);
    }

    /// <summary>Sets the mode of an open file or socket; a socket that is not bound yet gets it when it is bound.</summary>
    public static void SetMode(SafeHandle handle, UnixFileMode mode)
    {
        if (!OperatingSystem.IsLinux())
            throw NotLinux();

        using var file = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false);
        File.SetUnixFileMode(file, mode);
    }

    private static SetupException NotLinux() => new("containerd's proxy plugins need Linux");
}
