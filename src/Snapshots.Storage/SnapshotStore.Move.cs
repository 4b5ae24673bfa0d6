using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <content>The move to another directory.</content>
public sealed partial class SnapshotStore
{
    /// <summary>
    /// Moves a store that is not open, with the files beside it. The target's directory is created if it is missing. Does
    /// nothing if the store is missing. After a kill at any moment, the same call completes the move: the store is copied,
    /// then renamed to the target, then removed; what is left beside an existing target is removed.
    /// </summary>
    /// <param name="from">The store's file.</param>
    /// <param name="to">The new file, in another directory.</param>
    /// <exception cref="SnapshotterException">
    /// The store cannot be read, as in <see cref="Open(string, SnapshotStoreOptions?)"/>, or copied (ResourceExhausted: the
    /// disk is full). Nothing is changed.
    /// </exception>
    internal static void Move(string from, string to)
    {
        (from, to) = (PathOf(from), Path.GetFullPath(to));
        if (!FilesOf(from).Exists(File.Exists))
            return;

        try
        {
            StoreDirectory.Create(Path.GetDirectoryName(to)!);
            using var source = StoreLock.Acquire(from);
            using var target = StoreLock.Acquire(to);
            if (File.Exists(from) && !File.Exists(to))
                Copy(from, to);

            if (File.Exists(to))
                FilesOf(from).ForEach(File.Delete);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, from);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.Translate(exception, $"cannot move the store \"{from}\" to \"{to}\"");
        }
    }

    private static void Copy(string from, string to)
    {
        var file = new StoreFile(from, Schema.Current);
        file.CheckHeader();
        file.Copy(to);
    }

    // The store first: without its log it would be an older one.
    private static List<string> FilesOf(string path) => [path, $"{path}-wal", $"{path}-shm", $"{path}.lock"];
}
