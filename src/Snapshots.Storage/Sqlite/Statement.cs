using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// A prepared command of one connection, with parameters <c>?1</c>, <c>?2</c>, ... It calls SQLite directly: the provider's
/// commands create a reader for each execution, a large part of the cost of reading one row.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const uint KeptForLong = 1; // SQLITE_PREPARE_PERSISTENT

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _failure;

    public Statement(SqliteConnection connection, string text)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, text, KeptForLong, out _statement));
    }

    /// <summary>Runs a command and ignores its rows.</summary>
    /// <param name="values">The parameters' values: text, integers, nulls.</param>
    public void Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Returns the first row, or the default if there is none.</summary>
    public T? First<T>(Func<Row, T> map, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            return Step() ? map(new(_statement)) : default;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Returns all rows.</summary>
    public List<T> All<T>(Func<Row, T> map, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            var rows = new List<T>();
            while (Step())
                rows.Add(map(new(_statement)));

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Check(values[i] switch
            {
                null => raw.sqlite3_bind_null(_statement, i + 1),
                string text => BindText(i + 1, text),
                var number => raw.sqlite3_bind_int64(_statement, i + 1, Convert.ToInt64(number, provider: null)),
            });
        }
    }

    private int BindText(int index, string text)
    {
        const int MostOnStack = 512;
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var buffer = length <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[length];
        return raw.sqlite3_bind_text(_statement, index, buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
    }

    private bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            Check(_failure = OutOfSpace.Classify(result, _database));

        return result == raw.SQLITE_ROW;
    }

    // If a step failed, this throws its error again. A writing command that was not stepped to its end, outside a
    // transaction, commits now.
    private void Reset()
    {
        var failure = _failure;
        _failure = 0;
        var result = raw.sqlite3_reset(_statement);
        Check(failure != 0 ? failure : OutOfSpace.Classify(result, _database));
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}

/// <summary>The current row of a statement, valid until its next step.</summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>Returns a column's text, or null.</summary>
    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));
}
