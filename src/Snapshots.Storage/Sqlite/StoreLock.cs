namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>Keeps a store for one process, and for one object in it. The kernel gives it free when the process ends.</summary>
internal static class StoreLock
{
    private const int TryAgain = 11; // EAGAIN, which .NET leaves in IOException.HResult.

    /// <exception cref="SnapshotterException">Unavailable: someone else has the store.</exception>
    public static IDisposable Acquire(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (OperatingSystem.IsLinux())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        try
        {
            return new FileStream($"{path}.lock", options);
        }
        catch (IOException exception) when (exception.HResult == TryAgain)
        {
            throw new SnapshotterException(
                SnapshotterError.Unavailable, $"the store \"{path}\" is open already, in this program or in another one: stop that, or choose another place", exception);
        }
    }
}
