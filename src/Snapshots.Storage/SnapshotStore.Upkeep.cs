using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <content>What an operator asks for.</content>
public sealed partial class SnapshotStore
{
    /// <summary>
    /// Copies the whole store, as it is at one moment, while it is in use. The copy is a store itself: to put it back, stop
    /// the program, remove the store with the files beside it, and rename the copy. Snapshots that were made later are then
    /// garbage on disk, which <see cref="NumbersInUse"/> tells and <see cref="SnapshotStoreOptions.LastNumber"/> avoids.
    /// </summary>
    /// <param name="path">The file to make, where there is none; it appears only when it is whole, and on disk.</param>
    /// <param name="cancellationToken">Gives up before the copy is begun.</param>
    /// <exception cref="SnapshotterException">AlreadyExists: there is a file of that name. Unavailable: it cannot be written.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Backup(Path.GetFullPath(path)), cancellationToken);
    }

    /// <summary>Reads the whole store and looks for damage. Changes go on meanwhile.</summary>
    /// <param name="cancellationToken">Gives up before the check is begun.</param>
    /// <returns>What is wrong, a sentence each; empty if nothing is.</returns>
    public Task<IReadOnlyList<string>> CheckIntegrityAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => _readers.Read(0, static (reader, _) => reader.CheckIntegrity()), cancellationToken);

    private void Backup(string path)
    {
        // One at a time, and before the store is closed: two with one target would write the same file.
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
            throw new SnapshotterException(SnapshotterError.Unavailable, $"cannot write the backup \"{path}\": {exception.Message}", exception);
        }
    }
}
