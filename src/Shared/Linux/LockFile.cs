using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <summary>A file whose only purpose is its lock.</summary>
internal static class LockFile
{
    private const uint Root = 0;

    /// <summary>
    /// Creates the file if it is missing, and locks it. It must be a file of this user or root, with one name: a link could
    /// make this process create, or hold, a file that someone else chose.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">The mode of a new file.</param>
    /// <exception cref="IOException">
    /// The file is locked elsewhere (<see cref="Errno.TryAgain"/> is the HResult), cannot be opened, or is another kind of file.
    /// </exception>
    public static SafeFileHandle Acquire(string path, UnixFileMode mode)
    {
        var error = Linux.Create(path, OpenFlags.ReadWrite | OpenFlags.NoFollow | OpenFlags.DoNotWait, mode, out var file);
        try
        {
            if (error == Errno.TooManyLinks)
                throw Wrong(path, "is a link");

            if (error == 0)
                error = Linux.Look(file, out var status) is var looked and not 0 ? looked : Check(path, status);

            if (error == 0)
                error = Linux.TryLock(file);

            return error == 0 ? file : throw Linux.Failed(error, $"cannot lock \"{path}\"");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static int Check(string path, in FileStatus status)
    {
        if (status.Type != FileType.Regular)
            throw Wrong(path, "is not a file");

        if (status.Links > 1)
            throw Wrong(path, "has more than one name");

        if (status.Owner.User != Linux.CurrentOwner.User && status.Owner.User != Root)
            throw Wrong(path, $"belongs to the user {status.Owner.User}");

        return 0;
    }

    private static IOException Wrong(string path, string what) => new($"\"{path}\" {what}, and cannot be used as a lock: remove it", Errno.NotPermitted);
}
