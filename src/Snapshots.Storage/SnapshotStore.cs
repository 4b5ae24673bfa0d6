using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Storage.Sqlite;
using Containerd.Snapshots.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage;

/// <summary>
/// Stores the information about snapshots in one SQLite file. It enforces containerd's rules and throws containerd's
/// errors. A change is on disk when its call returns: it survives a crash and a power cut; a removal of the last 5 seconds
/// survives a crash only (<see cref="RemoveAsync"/>). A change that failed changed nothing. All members are thread-safe:
/// reads never wait, and concurrent changes share their writes to disk.
/// </summary>
/// <remarks>
/// <para>
/// Each snapshot has a number, which names its content elsewhere, such as a directory. The store decides what exists:
/// content with a number that is not in <see cref="NumbersInUse"/> is garbage.
/// </para>
/// <para>
/// A token cancels a change only before the change starts; then nothing is changed. Every member can throw a
/// <see cref="SnapshotterException"/>: ResourceExhausted (no space left), Unavailable (the disk fails; after a restart the
/// change may turn out to be done) or DataLoss (the file is damaged). After <see cref="Dispose"/>, members throw
/// <see cref="ObjectDisposedException"/>.
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
    private readonly RowCache _cache = new();
    private readonly NameTurns _names = new();
    private readonly Pins _pins = new();
    private readonly Lock _backup = new();
    private bool _isDisposed;

    private SnapshotStore(IDisposable @lock, StoreFile file, SnapshotStoreOptions options)
    {
        _lock = @lock;
        _file = file;
        _readers = new(file, this);
        var writer = new StoreWriter(file.Connect(), options.TimeProvider, _pins, _cache);
        _writes = new(file, writer, options.TimeProvider, this);
        _numbers = new(_writes, options.LastNumber);
        _ahead = new(_numbers, options.MakeAhead, options.TimeProvider);
        Reserve(writer, file);
        _writes.SyncLater();
    }

    /// <summary>Opens a store, or creates it if the file does not exist.</summary>
    /// <param name="path">
    /// The file. Its directory is created if it is missing, but not the directories above; only this program may write in it,
    /// and it has no other open store. SQLite and the store's lock keep more files beside the file, whose names start with the
    /// file's name. On btrfs, give the store an empty or missing directory: the files in it are then written in place, so that
    /// snapshots can be removed on a full disk; other programs cannot read the store while it is open there.
    /// </param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="SnapshotterException">
    /// DataLoss: the file is damaged. FailedPrecondition: the file has a newer version, belongs to another program, or lies
    /// beside a log that is not its own; or it is missing although <see cref="SnapshotStoreOptions.LastNumber"/> shows that
    /// there is content. Unavailable: the store is open elsewhere, or cannot be written. Nothing is changed.
    /// The message says what to do.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SnapshotStoreOptions.LastNumber"/> is negative or above 2^53.</exception>
    public static SnapshotStore Open(string path, SnapshotStoreOptions? options = null) => Open(path, options ?? new(), Schema.Current);

    internal static SnapshotStore Open(string path, SnapshotStoreOptions options, Schema schema)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(options.LastNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.LastNumber, SnapshotStoreOptions.MaxNumber);
        var target = PathOf(path);
        try
        {
            StoreDirectory.Create(Path.GetDirectoryName(target)!);
            return Open(new StoreFile(target, schema), options);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.Translate(exception, $"cannot open the store \"{target}\"");
        }
    }

    /// <summary>Returns the information that containerd gets about a snapshot.</summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    /// <returns>The information, or null if no snapshot has that key or name.</returns>
    public SnapshotInfo? Stat(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Find(key)?.Info;
    }

    /// <summary>Returns a snapshot with its number, its usage and the numbers of its parents.</summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    /// <returns>The snapshot, or null if none has that key or name.</returns>
    public StoredSnapshot? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _readers.ThrowIfClosed();
        if (_cache.Find(key) is { } cached)
            return cached;

        var state = _cache.StateOf(key);
        var read = _readers.Read(key, static (reader, key) => reader.Find(key));
        if (read is not null)
            _cache.Keep(read, state);

        return read;
    }

    /// <summary>Returns the snapshot that has a number, or null if none has it.</summary>
    public StoredSnapshot? Find(long number) => _readers.Read(number, static (reader, number) => reader.Find(number));

    /// <summary>
    /// Returns the snapshots that match a filter, in the order of their numbers. It reads them in pages during the
    /// enumeration, and blocks no change: a snapshot that exists the whole time is returned once, with its values from before
    /// or after a concurrent change. If each filter of the list demands a name, a parent other than the empty one or a label
    /// <c>containerd.io/snapshot.ref</c> with <c>==</c>, only the snapshots that have it are read.
    /// </summary>
    /// <param name="filter">The filter.</param>
    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Pages(filter).SelectMany(page => page).Select(snapshot => snapshot.Info).Where(filter.Matches);
    }

    /// <summary>
    /// Returns the numbers in use, ascending: those of the snapshots, of the snapshots that are being created, and of the
    /// content that is made ahead. To find garbage on disk, first list the disk, then call this.
    /// </summary>
    public IReadOnlyList<long> NumbersInUse()
    {
        var pending = _numbers.Pending(); // First: a pending number becomes a snapshot's, never the other way.
        var stored = _readers.Read(0, static (reader, _) => reader.Numbers());
        if (pending.Length == 0)
            return stored;

        return [.. stored.Union(pending).Order()];
    }

    /// <summary>Returns all snapshots, in the order of their numbers, and keeps them in memory.</summary>
    internal IEnumerable<StoredSnapshot> ReadAll() => AllPages((reader, last) =>
    {
        var state = _cache.StateOfAll();
        var page = reader.WholePage(last, PageLength);
        _cache.Keep(page, state);
        return page;
    }).SelectMany(page => page);

    /// <summary>Returns the numbers of the snapshots, ascending.</summary>
    internal IReadOnlyList<long> StoredNumbers() => _readers.Read(0, static (reader, _) => reader.Numbers());

    /// <summary>Counts the snapshots of a kind. It reads all snapshots, which takes milliseconds if there are many.</summary>
    public long Count(SnapshotKind kind) => _readers.Read(kind, static (reader, kind) => reader.Count(kind));

    /// <summary>
    /// Whether a number belongs to a snapshot, to one that is being created, or to content that is made ahead. If not, the
    /// content with that number is garbage.
    /// </summary>
    public bool IsInUse(long number) =>
        _numbers.IsPending(number) || _readers.Read(number, static (reader, number) => reader.Exists(number));

    /// <summary>Closes the store when the changes that have been requested are on disk.</summary>
    public void Dispose()
    {
        lock (_backup)
            _isDisposed = true;

        _ahead.Dispose();
        _readers.Dispose(); // Before the writer, which empties the log.
        _writes.Dispose();
        _lock.Dispose();
    }

    /// <summary>Whether a removal is perhaps not on disk.</summary>
    internal bool IsUnsynced => _writes.IsUnsynced;

    private static SnapshotStore Open(StoreFile file, SnapshotStoreOptions options)
    {
        var @lock = StoreLock.Acquire(file.Path);
        try
        {
            file.Prepare(options.LastNumber, options.BeginAnew);
            return new SnapshotStore(@lock, file, options);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    // The target of a link: SQLite puts the log beside the target.
    private static string PathOf(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : Path.GetFullPath(path);

    private static void Reserve(StoreWriter writer, StoreFile file)
    {
        try
        {
            writer.Reserve(file);
        }
        catch (SqliteException)
        {
            // Another program writes, or the disk is full. The store works without the reserved space.
        }
    }

    private IEnumerable<List<StoredSnapshot>> Pages(SnapshotFilter filter)
    {
        var candidates = filter.MatchesAll ? null : _readers.Read(filter, static (reader, filter) => reader.Candidates(filter.Alternatives));
        return candidates is null ? AllPages(static (reader, last) => reader.Page(last, PageLength)) : candidates.Chunk(PageLength).Select(page => _readers.Read(page, static (reader, page) => reader.Page(page)));
    }

    private IEnumerable<List<StoredSnapshot>> AllPages(Func<StoreReader, long, List<StoredSnapshot>> read)
    {
        for (var last = 0L; ;)
        {
            var page = _readers.Read(last, read);
            yield return page;
            if (page.Count < PageLength)
                yield break;

            last = page[^1].Number;
        }
    }
}
