using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>Commands that run once; those that run often are a <see cref="Statement"/>.</summary>
internal static partial class SqliteText
{
    [SuppressMessage("Security", "CA2100", Justification = "The text is this assembly's own.")]
    public static void Execute(this SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        OutOfSpace.Classify(connection, command.ExecuteNonQuery);
    }

    /// <summary>Runs a command without the provider's cost.</summary>
    public static void ExecuteAtOnce(this SqliteConnection connection, string text) =>
        SqliteException.ThrowExceptionForRC(OutOfSpace.Classify(raw.sqlite3_exec(connection.Handle, text), connection.Handle!), connection.Handle);

    /// <summary>Returns the first column of the first row, an integer.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The text is this assembly's own.")]
    public static long Number(this SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return (long)OutOfSpace.Classify(connection, command.ExecuteScalar)!;
    }

    /// <summary>Returns the first column of all rows, as text.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The text is this assembly's own.")]
    public static List<string> Texts(this SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var reader = command.ExecuteReader();

        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));

        return rows;
    }

    /// <summary>Lets the log's file stay when the last connection closes.</summary>
    public static void KeepLogFile(this SqliteConnection connection)
    {
        var keeps = 1L;
        _ = ControlFile(connection.Handle!, "main", KeepsLogFile, ref keeps);
    }

    /// <summary>
    /// Makes the connection grow the database file by whole steps, and allocates disk space for the rest of the last one. Call
    /// it in a transaction, and only if the disk has the space: SQLite takes what there is.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="step">The length of a step in bytes.</param>
    public static void GrowInSteps(this SqliteConnection connection, int step)
    {
        var length = (long)step;
        _ = ControlFile(connection.Handle!, "main", StepLength, ref length);
        length = connection.Number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
        _ = ControlFile(connection.Handle!, "main", ExpectedLength, ref length);
    }

    /// <summary>Returns a text as an SQL literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // SQLITE_FCNTL_SIZE_HINT, SQLITE_FCNTL_CHUNK_SIZE, SQLITE_FCNTL_PERSIST_WAL. The last two take 32 bits.
    private const int ExpectedLength = 5, StepLength = 6, KeepsLogFile = 10;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ControlFile(sqlite3 database, string name, int operation, ref long value);
}
