using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>The database file: made whole or not at all, and never touched when it is not one that this program knows.</summary>
internal sealed class StoreFile(string path, Schema schema)
{
    private const int HeaderLength = 100, WriteVersionOffset = 18, UserVersionOffset = 60, ApplicationIdOffset = 68;

    // What has a log has another write version: 2.
    private const byte WithoutLog = 1;

    // SQLite logs 4 MiB and what one transaction adds, moves that to the database, and begins the log anew: twice as much is
    // kept for it, and that much is written.
    private const long ReservedLogLength = 8 << 20, WrittenLogLength = 5 << 20;

    /// <summary>How long a lock of another program, such as an operator's, is waited for, in milliseconds.</summary>
    public const int LockTimeout = 30_000;

    // A page is 4 KiB. The kernel caches the file anyway: what each connection caches would be paid again for each.
    private static readonly string Settings = $"""
        PRAGMA busy_timeout = {LockTimeout};
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cache_size = 64;
        """;

    private readonly string _log = $"{path}-wal";

    public string Path => path;

    /// <summary>Makes the file where it is missing, or checks it, and brings it up to date.</summary>
    public void Prepare()
    {
        if (!File.Exists(path))
            Create();
        else
            Check();
    }

    /// <summary>Opens a connection that writes.</summary>
    public SqliteConnection Connect() => Connect(path, Settings);

    /// <summary>Opens a connection that only reads.</summary>
    public SqliteConnection ConnectToRead() => Connect(path, $"{Settings} PRAGMA query_only = ON");

    /// <summary>How many bytes are written, but not yet in the database file itself.</summary>
    public long LogLength => StoreDisk.LengthOf(_log);

    /// <summary>
    /// Keeps space for the log, while no one can write to it: whoever removes snapshots on a full disk needs some before he
    /// frees any. To SQLite the zeros at the log's end are not in the log, since each page there has a checksum.
    /// </summary>
    public void ReserveLog()
    {
        try
        {
            StoreDisk.Reserve(_log, ReservedLogLength, WrittenLogLength);
        }
        catch (IOException)
        {
            // The disk fails: the next change will tell.
        }
    }

    /// <summary>Copies the whole database, as it is at one moment, to a file that is there only when it is whole.</summary>
    /// <exception cref="IOException">There is a file of that name.</exception>
    public void Copy(string target)
    {
        var unfinished = $"{target}.unfinished";
        StoreDisk.CreateEmpty(unfinished);
        try
        {
            using (var connection = Connect())
                connection.Execute($"VACUUM INTO {SqliteText.Quote(unfinished)}");

            StoreDisk.Sync(unfinished);
            File.Move(unfinished, target, overwrite: false);
            StoreDisk.SyncDirectory(System.IO.Path.GetDirectoryName(target)!);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    // Under another name until it is whole: no crash leaves a file that is not a store.
    private void Create()
    {
        if (LogLength > 0)
        {
            throw SnapshotterException.FailedPrecondition(
                $"the store \"{path}\" is missing, but its log \"{_log}\" is there: put back the store that belongs to the log, or move the log away, too");
        }

        var unfinished = $"{path}.unfinished";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(unfinished + suffix);

        StoreDisk.CreateEmpty(unfinished);
        using (var connection = Connect(unfinished, $"PRAGMA journal_mode = WAL; {Settings}"))
            schema.Upgrade(connection, from: 0);

        StoreDisk.Sync(unfinished);
        File.Move(unfinished, path, overwrite: false);
        StoreDisk.SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
    }

    private void Check()
    {
        CheckHeader();

        using var connection = Connect();
        KeepsLog(connection, true); // Until it is known that it can be written to the database.
        var version = (int)connection.Number("PRAGMA user_version"); // It can be in the log alone.
        CheckVersion(version);
        if (connection.Texts("PRAGMA quick_check(1)") is [var problem] && problem != "ok")
            throw Corrupt(problem.ReplaceLineEndings(" ")); // The operator gets one sentence, on one line.

        KeepsLog(connection, false);
        connection.Execute("PRAGMA journal_mode = WAL"); // A copy that was put in its place is not: VACUUM INTO makes none.
        if (version < schema.Version)
        {
            KeepCopy(version);
            schema.Upgrade(connection, version);
        }
    }

    // From the header alone: SQLite would create files beside it, and recover or upgrade what is not ours.
    private void CheckHeader()
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using (var file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
                throw Corrupt("it is no SQLite database");
        }

        if (BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdOffset..]) != Schema.ApplicationId)
            throw SnapshotterException.FailedPrecondition($"\"{path}\" is a database of another program: choose another place for the store");

        CheckVersion(BinaryPrimitives.ReadInt32BigEndian(header[UserVersionOffset..]));

        // A backup has never had a log: this one would be written over it.
        if (header[WriteVersionOffset] == WithoutLog && LogLength > 0)
        {
            throw SnapshotterException.FailedPrecondition(
                $"the store \"{path}\" is a backup that was put beside the log \"{_log}\" of another one: move that away, with what else begins with \"{path}-\"");
        }
    }

    private void CheckVersion(int version)
    {
        if (version > schema.Version)
        {
            throw SnapshotterException.FailedPrecondition(
                $"the store \"{path}\" is of version {version}, written by a newer program; this one knows up to version {schema.Version}: "
                + "run the newer one, or put back the copy that it kept of the older version");
        }
    }

    // Whether the last connection that is closed leaves the log as it is.
    private static void KeepsLog(SqliteConnection connection, bool keeps) =>
        SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps ? 1 : 0, out _);

    private void KeepCopy(int version)
    {
        var copy = $"{path}.v{version}";
        if (!File.Exists(copy))
            Copy(copy);
    }

    private SnapshotterException Corrupt(string problem) => new(
        SnapshotterError.DataLoss,
        $"the store \"{path}\" is damaged ({problem}) and has been left as it is: move it away, with "
        + $"\"{path}-wal\" and \"{path}-shm\", and put back a backup; or begin anew, without all of its snapshots");

    private static SqliteConnection Connect(string file, string settings)
    {
        // No pool: a connection that is disposed must be gone, since another process may open the store next.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
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
