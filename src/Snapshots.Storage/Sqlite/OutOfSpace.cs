using System.Runtime.InteropServices;
using Containerd.Snapshots.Shared;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// A full disk and a used-up quota are one kind of error. SQLite reports only some of them as SQLITE_FULL, and the rest as
/// a disk that fails.
/// </summary>
internal static partial class OutOfSpace
{
    private const int Kind = 0xFF, InputOutput = 10, SyncFailed = 10 | (4 << 8); // SQLITE_IOERR, SQLITE_IOERR_FSYNC

    /// <summary>SQLite's result code for a full disk.</summary>
    public const int Full = 13; // SQLITE_FULL

    /// <summary>Returns <see cref="Full"/> for an error that a lack of space has caused, and other results unchanged.</summary>
    /// <param name="result">The result code, with its extension.</param>
    /// <param name="database">The connection that returned it last.</param>
    public static int Classify(int result, sqlite3 database) => IsCauseOf(result, database) ? Full : result;

    /// <summary>Runs commands of the provider; their errors are classified, too.</summary>
    public static T Classify<T>(SqliteConnection connection, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (SqliteException exception) when (IsCauseOf(exception.SqliteExtendedErrorCode, connection.Handle!))
        {
            throw new SqliteException(exception.Message, Full);
        }
    }

    // After a sync that failed, the change may turn out to be done.
    private static bool IsCauseOf(int result, sqlite3 database) =>
        (result & Kind) == InputOutput && result != SyncFailed && SystemError(database) is (Errno.NoSpaceLeft or Errno.QuotaExceeded);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_system_errno")]
    private static partial int SystemError(sqlite3 database);
}
