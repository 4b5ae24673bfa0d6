using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The database file. It is created completely or not at all; a file that is not a store of a known version is not changed.</summary>
internal sealed class StoreFile(string path, Schema schema)
{
    private const int HeaderLength = 100, WriteVersionOffset = 18, UserVersionOffset = 60, ApplicationIdOffset = 68;

    // The header's write version; a database with a log has 2.
    private const byte WithoutLog = 1;

    // SQLite logs 4 MiB plus the rest of a transaction, copies that to the database, and starts the log again. Twice as much
    // space is allocated, and so much of it is written.
    private const long ReservedLogLength = 8 << 20, WrittenLogLength = 5 << 20;

    // What is in the log has to fit into the database, also on a full disk.
    private const int DatabaseStep = 4 << 20;

    /// <summary>How long to wait for another program's lock, such as that of an operator's tool, in milliseconds.</summary>
    public const int LockTimeout = 30_000;

    // A page is 4 KiB. The kernel caches the file, so each connection needs only a small cache of its own.
    private static readonly string Settings = $"""
        PRAGMA busy_timeout = {LockTimeout};
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cache_size = 64;
        """;

    // SQLite keeps the index of the log in memory then, which only one process can use.
    private const string ForOneProcess = "unix-excl";

    private const int LogHeaderLength = 32;

    private readonly string _log = $"{path}-wal";
    private readonly bool _isForOneProcess = StoreDirectory.CannotKeepIndex(System.IO.Path.GetDirectoryName(path)!);

    public string Path => path;

    /// <summary>Creates the file if it is missing; otherwise checks it and upgrades it.</summary>
    /// <param name="lastNumber">The highest number of the content that exists; 0 for none.</param>
    /// <param name="beginAnew">Whether to create the file although there is content, or in place of an empty file.</param>
    public void Prepare(long lastNumber, bool beginAnew)
    {
        var file = new FileInfo(path);
        if (file is { Exists: true, Length: > 0 })
        {
            Check();
            return;
        }

        if (lastNumber > 0 && !beginAnew)
            throw Missing(file.Exists ? "is damaged (its file is empty)" : "is missing", lastNumber);

        if (file.Exists && !beginAnew)
            throw NotADatabase();

        Create();
    }

    /// <summary>Opens a connection that writes.</summary>
    public SqliteConnection Connect() => Connect(path, Settings, _isForOneProcess);

    /// <summary>Opens a connection that only reads.</summary>
    public SqliteConnection ConnectToRead() => Connect(path, $"{Settings} PRAGMA query_only = ON", _isForOneProcess);

    // A log that was parked has no header.
    private bool HasLog => StoreDisk.StartsWith(_log, [0x37, 0x7F, 0x06]);

    /// <summary>The length of the log, in bytes.</summary>
    public long LogLength => StoreDisk.LengthOf(_log);

    /// <summary>
    /// Reserves disk space for the database, unless the disk is nearly full. Call it in a transaction of the connection that
    /// writes.
    /// </summary>
    public void ReserveDatabase(SqliteConnection connection)
    {
        if (StoreDisk.LengthOf(path) >= DatabaseStep || StoreDirectory.FreeBytes(System.IO.Path.GetDirectoryName(path)!) >= 2 * DatabaseStep)
            connection.GrowInSteps(DatabaseStep);
    }

    /// <summary>
    /// Reserves disk space for the log, so that snapshots can be removed on a full disk. Call it while nothing can write to the
    /// log. SQLite ignores the zeros at the log's end, since each page in the log has a checksum.
    /// </summary>
    public void ReserveLog()
    {
        try
        {
            StoreDisk.Reserve(_log, ReservedLogLength, WrittenLogLength);
        }
        catch (IOException)
        {
            // The disk fails: the next change reports it.
        }
    }

    /// <summary>
    /// Makes an orderly stop keep the log's space, so that the next start needs none on a full disk. Call it when the log is
    /// copied to the database, and nothing can write to the log. A log without its header is empty.
    /// </summary>
    public void ParkLog(SqliteConnection connection)
    {
        try
        {
            StoreDisk.ClearStart(_log, LogHeaderLength);
            connection.KeepLogFile();
        }
        catch (IOException)
        {
            // SQLite removes the log, and the next start reserves space again.
        }
    }

    /// <summary>Copies the whole database, in the state of one moment, to a file that appears when it is complete.</summary>
    /// <exception cref="IOException">The file exists.</exception>
    public void Copy(string target)
    {
        var unfinished = $"{target}.unfinished";
        StoreDisk.CreateEmpty(unfinished);
        try
        {
            using (var connection = Connect())
            {
                KeepsLog(connection, true); // A damaged store is not changed.
                connection.Execute($"VACUUM INTO {SqliteText.Quote(unfinished)}");
                KeepsLog(connection, false);
            }

            StoreDisk.Sync(unfinished);
            File.Move(unfinished, target, overwrite: false);
            StoreDisk.SyncDirectory(System.IO.Path.GetDirectoryName(target)!);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    // Under another name until it is complete, so that no crash leaves an incomplete store.
    private void Create()
    {
        if (HasLog)
        {
            throw SnapshotterException.FailedPrecondition(
                $"the store \"{path}\" is missing, but its log \"{_log}\" exists: put back the store that belongs to the log, or move the log away, too");
        }

        var unfinished = $"{path}.unfinished";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(unfinished + suffix);

        StoreDisk.CreateEmpty(unfinished);
        using (var connection = Connect(unfinished, $"PRAGMA journal_mode = WAL; {Settings}", _isForOneProcess))
            schema.Upgrade(connection, from: 0);

        StoreDisk.Sync(unfinished);
        File.Move(unfinished, path, overwrite: true); // Only an empty file can be there.
        StoreDisk.SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
    }

    private void Check()
    {
        CheckHeader();

        using var connection = Connect();
        KeepsLog(connection, true); // Until the check shows that the log can be copied to the database.
        var version = (int)connection.Number("PRAGMA user_version"); // The log can have a newer one than the header.
        CheckVersion(version);
        if (connection.Texts("PRAGMA quick_check(1)") is [var problem] && problem != "ok")
            throw Corrupt(problem.ReplaceLineEndings(" ")); // The message is one line.

        KeepsLog(connection, false);
        connection.KeepLogFile(); // Its space is reserved.
        connection.Execute("PRAGMA journal_mode = WAL"); // A restored copy has no log mode, since VACUUM INTO does not keep it.
        if (version < schema.Version)
        {
            KeepCopy(version);
            schema.Upgrade(connection, version);
        }
    }

    /// <summary>Checks that the file is a store that this program can read, without a change.</summary>
    // Reads the header only: SQLite would create files beside it, and recover or upgrade a file that is not a store.
    public void CheckHeader()
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using (var file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
                throw NotADatabase();
        }

        if (BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdOffset..]) != Schema.ApplicationId)
            throw SnapshotterException.FailedPrecondition($"\"{path}\" is another program's database: choose another place for the store");

        CheckVersion(BinaryPrimitives.ReadInt32BigEndian(header[UserVersionOffset..]));

        // A backup has no log: SQLite would write this log over the backup.
        if (header[WriteVersionOffset] == WithoutLog && HasLog)
        {
            throw SnapshotterException.FailedPrecondition(
                $"the store \"{path}\" is a backup beside the log \"{_log}\" of another store: move that log away, with all other files that start with \"{path}-\"");
        }
    }

    private void CheckVersion(int version)
    {
        if (version > schema.Version)
        {
            throw SnapshotterException.FailedPrecondition(
                $"the store \"{path}\" has version {version}, written by a newer program; this program knows up to version {schema.Version}: "
                + "run the newer program, or put back the copy that it kept of the older version");
        }
    }

    // Whether closing the last connection leaves the log as it is.
    private static void KeepsLog(SqliteConnection connection, bool keeps) =>
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps ? 1 : 0, out _);

    private void KeepCopy(int version)
    {
        var copy = $"{path}.v{version}";
        if (!File.Exists(copy))
            Copy(copy);
    }

    private SnapshotterException Missing(string state, long lastNumber) => SnapshotterException.FailedPrecondition(
        $"the store \"{path}\" {state}, but there is content of snapshots up to number {lastNumber}: put the store back, or a backup of it; "
        + "or remove all containers and images that use the snapshots, remove the content, and start again");

    private SnapshotterException NotADatabase() => Corrupt("it is not an SQLite database");

    private SnapshotterException Corrupt(string problem) => new(
        SnapshotterError.DataLoss,
        $"the store \"{path}\" is damaged ({problem}) and was not changed: move it away, with "
        + $"\"{path}-wal\" and \"{path}-shm\", and put back a backup; or start with a new store, without all its snapshots");

    private static SqliteConnection Connect(string file, string settings, bool isForOneProcess)
    {
        // No pool: a disposed connection must be closed, since another process may open the store next.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            Vfs = isForOneProcess ? ForOneProcess : null,
        }.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
