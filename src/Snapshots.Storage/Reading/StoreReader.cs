using Containerd.Snapshots.Storage.Rules;
using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Reading;

/// <summary>A connection with its queries. Not thread-safe.</summary>
internal class StoreReader : IDisposable
{
    private const string Columns = """
        s.name, s.kind, p.name, s.created_at, s.updated_at, s.labels, s.size, s.inodes
        FROM snapshots s LEFT JOIN snapshots p ON p.number = s.parent
        """;

    // The look-ups that have an index.
    public const string ByRef = "SELECT number FROM snapshots WHERE ref = ?1";
    public const string ByName = "SELECT number FROM snapshots WHERE name = ?1";
    public const string ByParent = "SELECT number FROM snapshots WHERE parent = (SELECT number FROM snapshots WHERE name = ?1)";

    private const string Rows = $"SELECT s.number, s.all_parents, {Columns}", RowsWithoutParents = $"SELECT s.number, NULL, {Columns}";

    private readonly List<Statement> _statements = [];
    private readonly Statement _begin, _end, _find, _findNumber, _exists, _page, _wholePage, _row, _byName, _byRef, _byParent, _numbers, _count;

    public StoreReader(SqliteConnection connection)
    {
        Connection = connection;
        _begin = Prepare("BEGIN");
        _end = Prepare("END");
        _find = Prepare($"{Rows} WHERE s.name = ?1");
        _findNumber = Prepare($"{Rows} WHERE s.number = ?1");
        _exists = Prepare("SELECT 1 FROM snapshots WHERE number = ?1");
        _page = Prepare($"{RowsWithoutParents} WHERE s.number > ?1 ORDER BY s.number LIMIT ?2");
        _wholePage = Prepare($"{Rows} WHERE s.number > ?1 ORDER BY s.number LIMIT ?2");
        _row = Prepare($"{RowsWithoutParents} WHERE s.number = ?1");
        _byName = Prepare(ByName);
        _byRef = Prepare(ByRef);
        _byParent = Prepare(ByParent);
        _numbers = Prepare("SELECT number FROM snapshots ORDER BY number");
        _count = Prepare("SELECT COUNT(*) FROM snapshots WHERE kind = ?1");
    }

    protected SqliteConnection Connection { get; }

    /// <summary>Whether a transaction is open: some errors make SQLite end it.</summary>
    protected bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0;

    public StoredSnapshot? Find(string name) => _find.First(ToSnapshot, name);

    public StoredSnapshot? Find(long number) => _findNumber.First(ToSnapshot, number);

    /// <summary>Checks the rules for a new snapshot, and returns it without a number.</summary>
    public StoredSnapshot PlanCreate(SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels) => AtOneMoment(() =>
    {
        var below = SnapshotRules.CheckCreate(kind, key, parent, Find);
        return new StoredSnapshot
        {
            Number = 0,
            Info = new() { Name = key, Kind = kind, Parent = parent, Labels = SnapshotLabels.ToStore(labels) },
            Parents = below?.WithParents ?? [],
        };
    });

    /// <summary>Checks the rules for a commit, and returns the active snapshot.</summary>
    public StoredSnapshot PlanCommit(string name, string key, string parent) =>
        AtOneMoment(() => SnapshotRules.CheckCommit(name, key, parent, Find).Active);

    /// <summary>Returns the snapshots with the next higher numbers, without their parents' numbers.</summary>
    public List<StoredSnapshot> Page(long after, int length) => _page.All(ToSnapshot, after, length);

    /// <summary>Returns the snapshots with the next higher numbers.</summary>
    public List<StoredSnapshot> WholePage(long after, int length) => _wholePage.All(ToSnapshot, after, length);

    /// <summary>Returns the snapshots that have these numbers, without their parents' numbers; others are left out.</summary>
    public List<StoredSnapshot> Page(IReadOnlyList<long> numbers) => AtOneMoment(() =>
    {
        var page = new List<StoredSnapshot>(numbers.Count);
        foreach (var number in numbers)
        {
            if (_row.First(ToSnapshot, number) is { } snapshot)
                page.Add(snapshot);
        }

        return page;
    });

    /// <summary>
    /// Returns the numbers of the snapshots that a filter can match, ascending; null if an index does not tell, since one of
    /// the alternatives can match too many.
    /// </summary>
    public List<long>? Candidates(IReadOnlyList<SnapshotFilterAlternative> alternatives) => AtOneMoment(() =>
    {
        var numbers = new SortedSet<long>();
        foreach (var alternative in alternatives)
        {
            if (Candidates(alternative) is not { } some)
                return null;

            numbers.UnionWith(some);
        }

        return numbers.ToList();
    });

    /// <summary>Returns all numbers, ascending.</summary>
    public List<long> Numbers() => _numbers.All(ToNumber);

    /// <summary>Counts the snapshots of a kind.</summary>
    public long Count(SnapshotKind kind) => _count.First(ToNumber, (long)kind);

    public bool Exists(long number) => _exists.First(ToNumber, number) != 0;

    /// <summary>Looks for damage; returns one sentence for each problem.</summary>
    public IReadOnlyList<string> CheckIntegrity() =>
    [
        .. Connection.Texts("PRAGMA integrity_check").Where(problem => problem != "ok"),
        .. Connection.Texts("SELECT 'snapshot ' || rowid || ' has a parent that does not exist' FROM pragma_foreign_key_check"),
        .. Connection.Texts($"""
            SELECT 'snapshot ' || s.number || ' has a parent that is not committed'
            FROM snapshots s JOIN snapshots p ON p.number = s.parent WHERE p.kind <> {(int)SnapshotKind.Committed}
            """),
        .. Connection.Texts("""
            SELECT 'snapshot ' || s.number || ' has other parents than its parent'
            FROM snapshots s LEFT JOIN snapshots p ON p.number = s.parent WHERE s.all_parents IS NOT (s.parent || coalesce(',' || p.all_parents, ''))
            """),
        .. Connection.Texts("SELECT 'snapshot ' || number || ' has labels that cannot be read' FROM snapshots WHERE labels IS NOT NULL AND NOT json_valid(labels)"),
        .. Connection.Texts("SELECT 'snapshot ' || number || ' has a number that is not reserved' FROM snapshots, numbers WHERE number > last"),
    ];

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var statement in _statements)
            statement.Dispose();

        Connection.Dispose();
    }

    protected Statement Prepare(string text)
    {
        var statement = new Statement(Connection, text);
        _statements.Add(statement);
        return statement;
    }

    // The most selective index. Most snapshots without a parent are the bottom layers of images, of which there are many.
    private List<long>? Candidates(SnapshotFilterAlternative alternative)
    {
        if (alternative.Name is { } name)
            return _byName.All(ToNumber, name);

        if (alternative.Labels.TryGetValue(SnapshotLabels.SnapshotRef, out var target))
            return _byRef.All(ToNumber, target);

        return string.IsNullOrEmpty(alternative.Parent) ? null : _byParent.All(ToNumber, alternative.Parent);
    }

    private T AtOneMoment<T>(Func<T> read)
    {
        _begin.Execute();
        try
        {
            return read();
        }
        finally
        {
            if (IsInTransaction)
                _end.Execute();
        }
    }

    private static long ToNumber(Row row) => row.Number(0);

    private static StoredSnapshot ToSnapshot(Row row)
    {
        var name = row.Text(2)!;
        return new()
        {
            Number = row.Number(0),
            Info = new()
            {
                Name = name,
                Kind = (SnapshotKind)row.Number(3),
                Parent = row.Text(4) ?? "",
                CreatedAt = UnixTime.FromNanoseconds(row.Number(5)),
                UpdatedAt = UnixTime.FromNanoseconds(row.Number(6)),
                Labels = LabelText.Read(row.Text(7), name),
            },
            Usage = row.IsNull(8) ? null : new(row.Number(8), row.Number(9)),
            Parents = ParentsText.Read(row.Text(1), name),
        };
    }
}
