using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Storage.Rules;
using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// The connection that writes, and the changes. Each checks the rules first and then changes all it changes by one
/// statement, so that one that fails has changed nothing and others in its transaction are not touched.
/// </summary>
internal sealed class StoreWriter : StoreReader
{
    private readonly TimeProvider _time;
    private readonly Statement _begin, _commit, _rollback, _insert, _setCommitted, _setLabels, _delete, _hasChildren, _reserve, _emptyLog;

    public StoreWriter(SqliteConnection connection, TimeProvider time)
        : base(connection)
    {
        _time = time;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _insert = Prepare("INSERT INTO snapshots (number, name, parent, kind, created_at, updated_at, labels) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)");
        _setCommitted = Prepare($"""
            UPDATE snapshots SET name = ?2, parent = coalesce(?3, parent), kind = {(int)SnapshotKind.Committed},
                created_at = ?4, updated_at = ?4, labels = ?5, size = ?6, inodes = ?7
            WHERE number = ?1
            """);
        _setLabels = Prepare("UPDATE snapshots SET labels = ?2, updated_at = ?3 WHERE number = ?1");
        _delete = Prepare("DELETE FROM snapshots WHERE number = ?1");
        _hasChildren = Prepare("SELECT 1 FROM snapshots WHERE parent = ?1 LIMIT 1");
        _reserve = Prepare("UPDATE numbers SET last = max(last, ?1) + ?2 RETURNING last");
        _emptyLog = Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Begin() => _begin.Execute();

    /// <summary>Commits: what was changed is on disk when this returns.</summary>
    public void Commit() => _commit.Execute();

    /// <summary>Undoes everything since <see cref="Begin"/>, unless SQLite has already done so because of an error.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
            _rollback.Execute();
    }

    public StoredSnapshot Create(long number, SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels)
    {
        var below = SnapshotRules.CanCreate(key, parent, Find);

        var now = _time.GetUtcNow();
        var info = new SnapshotInfo { Name = key, Kind = kind, Parent = parent, CreatedAt = now, UpdatedAt = now, Labels = SnapshotLabels.ToStore(labels) };
        _insert.Execute(number, key, below?.Number, (int)kind, UnixTime.ToNanoseconds(now), LabelText.Write(info.Labels));
        return Stored(new SnapshotRow(number, info, Usage: null));
    }

    /// <summary>Commits the active snapshot of a number, which is the one whose usage was measured.</summary>
    public StoredSnapshot Commit(
        long number, string name, string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotUsage usage)
    {
        var (active, newParent) = SnapshotRules.CanCommit(name, key, parent, Find);
        if (active.Number != number)
            throw SnapshotterException.NotFound(key); // Removed meanwhile; what has its key now is another snapshot.

        var now = _time.GetUtcNow();
        var info = active.Info with
        {
            Name = name,
            Kind = SnapshotKind.Committed,
            Parent = newParent?.Info.Name ?? active.Info.Parent,
            CreatedAt = now,
            UpdatedAt = now,
            Labels = SnapshotLabels.ToStore(labels),
        };
        _setCommitted.Execute(number, name, newParent?.Number, UnixTime.ToNanoseconds(now), LabelText.Write(info.Labels), usage.Size, usage.Inodes);
        return Stored(new SnapshotRow(number, info, usage));
    }

    public StoredSnapshot Remove(string key)
    {
        var row = SnapshotRules.CanRemove(key, Find, snapshot => _hasChildren.First(static reader => reader.GetInt64(0), snapshot.Number) != 0);
        var removed = Stored(row);
        _delete.Execute(row.Number);
        return removed;
    }

    public SnapshotInfo Update(SnapshotInfo update, IReadOnlyList<string> fieldPaths)
    {
        var row = Find(update.Name) ?? throw SnapshotterException.NotFound(update.Name);
        var labels = SnapshotLabels.Update(row.Info.Labels, update, fieldPaths);

        var info = row.Info with { Labels = labels, UpdatedAt = Later(row.Info.UpdatedAt) };
        _setLabels.Execute(row.Number, LabelText.Write(labels), UnixTime.ToNanoseconds(info.UpdatedAt));
        return info;
    }

    /// <summary>Reserves numbers above all that were reserved before, and above another one.</summary>
    /// <returns>The last of them.</returns>
    public long Reserve(int count, long above) => _reserve.First(static reader => reader.GetInt64(0), above, count);

    /// <summary>Moves all that is logged to the database, as soon as nobody reads from the log.</summary>
    public void EmptyLog() => _emptyLog.Execute();

    // UpdatedAt advances, whatever the clock does.
    private DateTimeOffset Later(DateTimeOffset last)
    {
        var now = _time.GetUtcNow();
        return now > last ? now : last.AddTicks(1);
    }
}
