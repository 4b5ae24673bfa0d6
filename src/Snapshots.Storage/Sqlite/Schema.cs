using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// The tables, by version. Each step upgrades a database from the version of its index to the next one. A released step
/// never changes.
/// </summary>
internal sealed class Schema(params IReadOnlyList<string> steps)
{
    /// <summary>SQLite's application id of a store's file: "Snap".</summary>
    public const int ApplicationId = 0x536E6170;

    // `all_parents` has the numbers of all parents, separated by commas, the nearest first; null for none. The parents of a
    // committed snapshot never change, so they are written once, and one row is enough to read them. Times are nanoseconds
    // since 1970, in UTC. `labels` is a JSON object; null for none. `kind` has containerd's numbers for view, active and
    // committed. `numbers` has one row: the highest number that may have been handed out.
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

    // `ref` is the label by which containerd looks layers up; null for none. The other labels have no index. A column, since
    // an index on labels would need JSON functions, which SQLite before 3.42 refuses in a schema that is not trusted.
    private const string Second = $$"""
        ALTER TABLE snapshots ADD COLUMN ref TEXT;
        UPDATE snapshots SET ref = json_extract(labels, '$."{{SnapshotLabels.SnapshotRef}}"') WHERE json_valid(labels);
        CREATE INDEX snapshots_by_ref ON snapshots (ref) WHERE ref IS NOT NULL;
        """;

    public static Schema Current { get; } = new(First, Second);

    public IReadOnlyList<string> Steps => steps;

    public int Version => steps.Count;

    /// <summary>Runs the steps that the database needs, in one transaction.</summary>
    public void Upgrade(SqliteConnection connection, int from)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var step in steps.Skip(from))
            connection.Execute(step);

        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
        transaction.Commit();

        // The version must be in the file's header, where a program that must not change the file reads it.
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
