namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>Keeps a store for one process, and for one object in it. The kernel releases it when the process ends.</summary>
internal static class StoreLock
{
    /// <exception cref="SnapshotterException">Unavailable: the store is open elsewhere.</exception>
    public static IDisposable Acquire(string path)
    {
        try
        {
            return StoreDisk.OpenAlone($"{path}.lock");
        }
        catch (IOException exception) when (StoreDisk.IsTaken(exception))
        {
            throw new SnapshotterException(
                SnapshotterError.Unavailable, $"the store \"{path}\" is open already, in this program or in another one: stop that, or choose another place", exception);
        }
    }
}
