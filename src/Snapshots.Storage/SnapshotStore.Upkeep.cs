using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <content>Maintenance: backups and the integrity check.</content>
public sealed partial class SnapshotStore
{
    /// <summary>
    /// Copies the whole store to a file while the store is in use. The copy is a store, in the state of one moment. To restore
    /// it, stop the program, remove the store with the files beside it, and rename the copy. Content of snapshots that were
    /// made later is then garbage: <see cref="NumbersInUse"/> does not have its numbers, and
    /// <see cref="SnapshotStoreOptions.LastNumber"/> keeps them from being used again.
    /// </summary>
    /// <param name="path">The file to create. It appears when it is complete and on disk.</param>
    /// <param name="cancellationToken">Cancels the call before the copy starts.</param>
    /// <exception cref="SnapshotterException">AlreadyExists: the file exists. Unavailable: it cannot be written.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Backup(Path.GetFullPath(path)), cancellationToken);
    }

    /// <summary>Reads the whole store and looks for damage. It blocks no change.</summary>
    /// <param name="cancellationToken">Cancels the call before the check starts.</param>
    /// <returns>One sentence for each problem; empty if there is none.</returns>
    public Task<IReadOnlyList<string>> CheckIntegrityAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => _readers.Read(0, static (reader, _) => reader.CheckIntegrity()), cancellationToken);

    private void Backup(string path)
    {
        // One at a time, since two with one target would write the same file, and never after Dispose.
        lock (_backup)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (File.Exists(path))
                throw new SnapshotterException(SnapshotterError.AlreadyExists, $"the file \"{path}\"");

            Copy(path);
        }
    }

    private void Copy(string path)
    {
        try
        {
            _file.Copy(path);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.Translate(exception, $"cannot write the backup \"{path}\"");
        }
    }
}
