using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// The tables, by version. Each step takes a database from the version of its index to the next one; a step that has
/// shipped never changes.
/// </summary>
internal sealed class Schema(params IReadOnlyList<string> steps)
{
    /// <summary>What makes a file this store's, whatever its name: "Snap" as SQLite's application id.</summary>
    public const int ApplicationId = 0x536E6170;

    // All parents are the numbers of the snapshots below, the nearest first, parted by commas; null for none. What is below a
    // snapshot never changes once it can be a parent, so that they are written once, and read with one look at one row.
    // Times are nanoseconds since 1970, in UTC. Labels are a JSON object, null for none. A view, an active snapshot and a
    // committed one are told apart by containerd's own numbers. `numbers` has one row: the highest number that may have
    // been handed out.
    private const string First = """
        CREATE TABLE snapshots (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            parent INTEGER REFERENCES snapshots (number),
            all_parents TEXT,
            kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            labels TEXT,
            size INTEGER,
            inodes INTEGER
        ) STRICT;
        CREATE INDEX snapshots_by_parent ON snapshots (parent) WHERE parent IS NOT NULL;
        CREATE TABLE numbers (last INTEGER NOT NULL) STRICT;
        INSERT INTO numbers VALUES (0);
        """;

    public static Schema Current { get; } = new(First);

    public IReadOnlyList<string> Steps => steps;

    public int Version => steps.Count;

    /// <summary>Makes all tables, or those that are missing since an older version, in one transaction.</summary>
    public void Upgrade(SqliteConnection connection, int from)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var step in steps.Skip(from))
            connection.Execute(step);

        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
        transaction.Commit();

        // The header of the file itself is what tells the version, also to a program that must not touch the file.
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
