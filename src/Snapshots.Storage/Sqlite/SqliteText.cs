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
        var keeps = 1;
        _ = ControlFile(connection.Handle!, "main", KeepsLogFile, ref keeps);
    }

    /// <summary>Returns a text as an SQL literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private const int KeepsLogFile = 10; // SQLITE_FCNTL_PERSIST_WAL

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ControlFile(sqlite3 database, string name, int operation, ref int value);
}
