using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// Keeps a store for one process, and for one object in it. The kernel releases it when the process ends. The lock file can
/// be removed while it is locked, and then another one be made: therefore the directory is locked, too, which cannot be
/// replaced without the store. A directory has one open store at most.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly SafeFileHandle _directory;
    private readonly IDisposable _file;

    private StoreLock(SafeFileHandle directory, IDisposable file)
    {
        _directory = directory;
        _file = file;
    }

    /// <param name="path">The store's file.</param>
    /// <exception cref="SnapshotterException">Unavailable: the store, or another one in its directory, is open elsewhere.</exception>
    /// <exception cref="IOException">The directory cannot be opened, or the lock file cannot be used.</exception>
    public static StoreLock Acquire(string path)
    {
        SafeFileHandle? directory = null;
        try
        {
            directory = LockDirectory(Path.GetDirectoryName(path)!);
            return new(directory, StoreDisk.OpenAlone($"{path}.lock"));
        }
        catch (IOException exception)
        {
            directory?.Dispose();
            if (!StoreDisk.IsTaken(exception))
                throw;

            throw new SnapshotterException(
                SnapshotterError.Unavailable,
                $"the store \"{path}\" is open already, in this program or in another one, or another store in its directory is: stop that, or choose another place",
                exception);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }

    private static SafeFileHandle LockDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return new();

        var error = Linux.Open(path, OpenFlags.Directory, out var directory);
        if (error == 0 && Linux.TryLock(directory) == Errno.TryAgain) // Not each file system can lock a directory.
            error = Errno.TryAgain;

        if (error == 0)
            return directory;

        directory.Dispose();
        throw Linux.Failed(error, $"cannot lock the directory \"{path}\"");
    }
}
