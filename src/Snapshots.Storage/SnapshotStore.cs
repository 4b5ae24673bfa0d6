using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <summary>
/// What a snapshotter knows of its snapshots, in one SQLite file. It has containerd's rules and answers with containerd's
/// errors; what it has answered survives a crash and a power cut. A change that failed has changed nothing.
/// All members may be used by several threads at the same time: reads never wait, and changes share their writes to disk.
/// </summary>
/// <remarks>
/// <para>
/// Each snapshot has a number, which names what the snapshotter keeps for it elsewhere, such as a directory. The store is
/// the truth: what is on disk under a number that <see cref="NumbersInUse"/> does not have is garbage.
/// </para>
/// <para>
/// A change can be given up by its token until it is begun, and then nothing of it is left; later it counts as done. Every
/// member can throw a <see cref="SnapshotterException"/> of the kinds ResourceExhausted (no space), Unavailable (the disk
/// fails; after a restart the change may be found done) and DataLoss (the file is damaged).
/// </para>
/// </remarks>
public sealed partial class SnapshotStore : IDisposable
{
    private const int PageLength = 128;

    private readonly IDisposable _lock;
    private readonly StoreFile _file;
    private readonly ReaderPool _readers;
    private readonly GroupCommit _writes;
    private readonly Numbers _numbers;
    private readonly NumbersAhead _ahead;
    private readonly Lock _backup = new();
    private bool _isDisposed;

    private SnapshotStore(IDisposable @lock, StoreFile file, SnapshotStoreOptions options)
    {
        _lock = @lock;
        _file = file;
        _readers = new(file, this);
        var writer = new StoreWriter(file.Connect(), options.TimeProvider);
        _writes = new(file, writer, this);
        _numbers = new(_writes, options.LastNumber);
        _ahead = new(_numbers, options.MakeAhead, options.TimeProvider);
        Reserve(writer, file);
    }

    /// <summary>Opens a store, or makes one where there is no file.</summary>
    /// <param name="path">
    /// The file, in a directory that exists and that no one else writes in. Beside it are files of SQLite's own and one that
    /// keeps the store for one process, with this name and an ending.
    /// </param>
    /// <param name="options">Null for the usual ones.</param>
    /// <exception cref="SnapshotterException">
    /// The file is damaged (DataLoss), of a newer version, another program's, or lies beside a log that is not its own
    /// (FailedPrecondition), open elsewhere or not to be written (Unavailable). All is left as it is. The message says what to
    /// do.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SnapshotStoreOptions.LastNumber"/> is negative, or no number that a snapshot can have.</exception>
    public static SnapshotStore Open(string path, SnapshotStoreOptions? options = null) => Open(path, options ?? new(), Schema.Current);

    internal static SnapshotStore Open(string path, SnapshotStoreOptions options, Schema schema)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(options.LastNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.LastNumber, SnapshotStoreOptions.MaxNumber);
        var file = new StoreFile(PathOf(path), schema);
        try
        {
            return Open(file, options);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, file.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotterException(SnapshotterError.Unavailable, $"cannot open the store \"{file.Path}\": {exception.Message}", exception);
        }
    }

    /// <summary>What containerd knows of a snapshot of any kind, or null if there is none of that key or name.</summary>
    public SnapshotInfo? Stat(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _readers.Read(key, static (reader, key) => reader.Find(key))?.Info;
    }

    /// <summary>A snapshot with its number, its usage and all that is below it, or null if there is none of that key or name.</summary>
    public StoredSnapshot? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _readers.Read(key, static (reader, key) => reader.Find(key));
    }

    /// <summary>The snapshot that has a number, or null if there is none.</summary>
    public StoredSnapshot? Find(long number) => _readers.Read(number, static (reader, number) => reader.Find(number));

    /// <summary>
    /// The snapshots that match, by their numbers. They are read in pages as they are asked for, and no change waits
    /// meanwhile: a snapshot that is there all the time comes once, one that is changed as it was or as it is.
    /// </summary>
    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Pages().SelectMany(page => page).Select(snapshot => snapshot.Info).Where(filter.Matches);
    }

    /// <summary>
    /// The numbers in use, ascending: of the snapshots, and of those that are being created at this moment. To find
    /// garbage on disk, list what is there first and ask then.
    /// </summary>
    public IReadOnlyList<long> NumbersInUse()
    {
        var pending = _numbers.Pending(); // First: a number goes from here to the snapshots, and never back.
        var stored = _readers.Read(0, static (reader, _) => reader.Numbers());
        if (pending.Length == 0)
            return stored;

        return [.. stored.Union(pending).Order()];
    }

    /// <summary>How many snapshots of a kind there are. It reads them all: milliseconds where there are many.</summary>
    public long Count(SnapshotKind kind) => _readers.Read(kind, static (reader, kind) => reader.Count(kind));

    /// <summary>Whether a number is a snapshot's, or of one that is being created at this moment; otherwise what is on disk under it is garbage.</summary>
    public bool IsInUse(long number) =>
        _numbers.IsPending(number) || _readers.Read(number, static (reader, number) => reader.Exists(number));

    /// <summary>Closes the store, once the changes that were asked for are on disk.</summary>
    public void Dispose()
    {
        lock (_backup)
            _isDisposed = true;

        _ahead.Dispose();
        _writes.Dispose();
        _readers.Dispose();
        _lock.Dispose();
    }

    private static SnapshotStore Open(StoreFile file, SnapshotStoreOptions options)
    {
        var @lock = StoreLock.Acquire(file.Path);
        try
        {
            file.Prepare();
            return new SnapshotStore(@lock, file, options);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    // Of the file itself, not of a link to it: SQLite has its log beside that.
    private static string PathOf(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : Path.GetFullPath(path);

    private static void Reserve(StoreWriter writer, StoreFile file)
    {
        try
        {
            writer.WithLog(file.ReserveLog);
        }
        catch (SqliteException)
        {
            // Another program writes, or the disk is full: it works without.
        }
    }

    private IEnumerable<List<StoredSnapshot>> Pages()
    {
        for (var last = 0L; ;)
        {
            var page = _readers.Read(last, static (reader, last) => reader.Page(last, PageLength));
            yield return page;
            if (page.Count < PageLength)
                yield break;

            last = page[^1].Number;
        }
    }
}
