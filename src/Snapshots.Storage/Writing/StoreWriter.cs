using Containerd.Snapshots.Storage.Reading;
using Containerd.Snapshots.Storage.Rules;
using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// The connection that writes, with its changes. A change checks the rules first and then runs one statement: one that
/// fails changes nothing, and does not affect the others in its transaction.
/// </summary>
internal sealed class StoreWriter : StoreReader
{
    private readonly TimeProvider _time;
    private readonly Pins _pins;
    private readonly RowCache _cache;
    private readonly List<string> _changedNames = [];
    private readonly Statement _begin, _commit, _rollback, _insert, _setCommitted, _setLabels, _delete, _hasChildren, _reserve, _touch, _emptyLog, _finishLog;
    private int _changesBefore;
    private bool _syncs = true; // As the connection is opened.

    public StoreWriter(SqliteConnection connection, TimeProvider time, Pins pins, RowCache cache)
        : base(connection)
    {
        _time = time;
        _pins = pins;
        _cache = cache;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        _insert = Prepare("INSERT INTO snapshots (number, name, parent, all_parents, kind, created_at, updated_at, labels, size, inodes, ref) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10)");
        _setCommitted = Prepare($"""
            UPDATE snapshots SET name = ?2, parent = ?3, all_parents = ?4, kind = {(int)SnapshotKind.Committed},
                created_at = ?5, updated_at = ?5, labels = ?6, size = ?7, inodes = ?8, ref = ?9
            WHERE number = ?1
            """);
        _setLabels = Prepare("UPDATE snapshots SET labels = ?2, updated_at = ?3, ref = ?4 WHERE number = ?1");
        _delete = Prepare("DELETE FROM snapshots WHERE number = ?1");
        _hasChildren = Prepare("SELECT 1 FROM snapshots WHERE parent = ?1 LIMIT 1");
        _reserve = Prepare("UPDATE numbers SET last = max(last, ?1) + ?2 RETURNING last");
        _touch = Prepare("UPDATE numbers SET last = last + 1 RETURNING last");
        _emptyLog = Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
        _finishLog = Prepare("PRAGMA wal_checkpoint(RESTART)");
    }

    /// <summary>Whether the transaction has changed something.</summary>
    public bool HasChanges => Changes != _changesBefore;

    /// <summary>Begins a transaction.</summary>
    /// <param name="syncs">
    /// Whether <see cref="Commit()"/> waits until the changes, and all earlier ones, are on disk. SQLite does not sync a
    /// transaction without changes.
    /// </param>
    public void Begin(bool syncs)
    {
        SyncCommits(syncs);
        _begin.Execute();
        _changesBefore = Changes;
    }

    public void Commit()
    {
        _cache.BeginChange(_changedNames);
        _commit.Execute();
        End();
    }

    /// <summary>Undoes everything since <see cref="Begin"/>, unless an error made SQLite do it.</summary>
    public void Rollback()
    {
        try
        {
            if (IsInTransaction)
                _rollback.Execute();
        }
        finally
        {
            End();
        }
    }

    /// <summary>Creates a planned snapshot, after it has checked the rules again.</summary>
    public StoredSnapshot Create(StoredSnapshot planned)
    {
        var below = SnapshotRules.CheckCreate(planned.Info.Kind, planned.Info.Name, planned.Info.Parent, Find);

        var now = _time.GetUtcNow();
        var info = planned.Info with { CreatedAt = now, UpdatedAt = now };
        var parents = below?.WithParents ?? [];
        _insert.Execute(
            planned.Number, info.Name, below?.Number, ParentsText.Write(parents), (int)info.Kind, UnixTime.ToNanoseconds(now), LabelText.Write(info.Labels),
            planned.Usage?.Size, planned.Usage?.Inodes, RefOf(info));
        return planned with { Info = info, Parents = parents };
    }

    /// <summary>Commits an active snapshot that was measured, after it has checked the rules again.</summary>
    public StoredSnapshot Commit(
        StoredSnapshot measured, string name, string parent, IReadOnlyDictionary<string, string> labels, SnapshotUsage usage)
    {
        var key = measured.Info.Name;
        var (active, newParent) = SnapshotRules.CheckCommit(name, key, parent, Find);
        if (active.Number != measured.Number)
            throw SnapshotterException.NotFound(key); // Removed meanwhile; another snapshot has its key now.

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
        var parents = newParent?.WithParents ?? active.Parents;
        _setCommitted.Execute(
            active.Number, name, parents.Count > 0 ? parents[0] : null, ParentsText.Write(parents), UnixTime.ToNanoseconds(now), LabelText.Write(info.Labels),
            usage.Size, usage.Inodes, RefOf(info));
        _changedNames.Add(key);
        return measured with { Info = info, Usage = usage, Parents = parents };
    }

    public StoredSnapshot Remove(string key)
    {
        var removed = SnapshotRules.CheckRemove(
            key, Find, snapshot => _hasChildren.First(static row => row.Number(0), snapshot.Number) != 0, snapshot => !_pins.TryAnnounceRemoval(snapshot.Number));
        _delete.Execute(removed.Number);
        _changedNames.Add(key);
        return removed;
    }

    public SnapshotInfo Update(SnapshotInfo update, IReadOnlyList<string> fieldPaths)
    {
        var row = Find(update.Name) ?? throw SnapshotterException.NotFound(update.Name);
        var labels = SnapshotLabels.Update(row.Info.Labels, update, fieldPaths);

        var info = row.Info with { Labels = labels, UpdatedAt = Later(row.Info.UpdatedAt) };
        _setLabels.Execute(row.Number, LabelText.Write(labels), UnixTime.ToNanoseconds(info.UpdatedAt), RefOf(info));
        _changedNames.Add(info.Name);
        return info;
    }

    /// <summary>Reserves numbers above all reserved ones, and above another number.</summary>
    /// <returns>The last new number.</returns>
    public long Reserve(int count, long above) => _reserve.First(static row => row.Number(0), above, count);

    /// <summary>
    /// Skips a number, for a change to sync: SQLite neither syncs a transaction that changes nothing, nor writes a value again
    /// that is there.
    /// </summary>
    public long Touch() => _touch.First(static row => row.Number(0));

    /// <summary>Copies the log to the database and empties it, unless a reader uses it.</summary>
    /// <returns>Whether the log is empty now.</returns>
    public bool EmptyLog() => Briefly(() => _emptyLog.First(static row => row.Number(0) == 0));

    /// <summary>Waits until all committed changes are on disk; throws if another program is writing.</summary>
    public void Sync() => Briefly(() =>
    {
        Begin(syncs: true);
        try
        {
            Touch();
            Commit();
        }
        finally
        {
            Rollback();
        }

        return true;
    });

    /// <summary>Reserves disk space for the log and the database; throws if another program is writing.</summary>
    public void Reserve(StoreFile file) => WithLog(() =>
    {
        file.ReserveLog();
        file.ReserveDatabase(Connection);
    });

    /// <summary>
    /// Copies the log to the database, and keeps the log's space when this connection, the last one, is closed. Does nothing
    /// if a reader uses the log.
    /// </summary>
    public void ParkLog(StoreFile file)
    {
        if (Briefly(() => _finishLog.First(static row => row.Number(0) == 0)))
            WithLog(() => file.ParkLog(Connection));
    }

    /// <summary>Runs an action while nothing else writes to the log; throws if another program is writing.</summary>
    public void WithLog(Action action) => Briefly(() =>
    {
        Begin(_syncs);
        try
        {
            action();
        }
        finally
        {
            Rollback();
        }

        return true;
    });

    // The transaction is committed or undone.
    private void End()
    {
        _pins.EndRemovals();
        _cache.EndChange(_changedNames);
        _changedNames.Clear();
    }

    // Not by a prepared statement: the command acts when it is prepared, not when it is stepped. A checkpoint syncs in both.
    private void SyncCommits(bool syncs)
    {
        if (_syncs == syncs)
            return;

        Connection.ExecuteAtOnce(syncs ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        _syncs = syncs;
    }

    // The number of rows that this connection has changed since it was opened.
    private int Changes => SQLitePCL.raw.sqlite3_total_changes(Connection.Handle);

    // Waits 10 ms at most for others that use the store, since changes wait meanwhile.
    private T Briefly<T>(Func<T> action)
    {
        _ = SQLitePCL.raw.sqlite3_busy_timeout(Connection.Handle, 10);
        try
        {
            return action();
        }
        finally
        {
            _ = SQLitePCL.raw.sqlite3_busy_timeout(Connection.Handle, StoreFile.LockTimeout);
        }
    }

    private static string? RefOf(SnapshotInfo info) => info.Labels.GetValueOrDefault(SnapshotLabels.SnapshotRef);

    // UpdatedAt advances, whatever the clock does.
    private DateTimeOffset Later(DateTimeOffset last)
    {
        var now = _time.GetUtcNow();
        return now > last ? now : last.AddTicks(1);
    }
}
