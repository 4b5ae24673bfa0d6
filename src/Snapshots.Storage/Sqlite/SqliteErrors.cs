using Containerd.Snapshots.Shared;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>Translates SQLite's errors for containerd and the operator.</summary>
internal static class SqliteErrors
{
    // The primary result codes of sqlite3.h.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, CannotOpen = 14, NotADatabase = 26;

    /// <summary>
    /// Returns the exception for the caller. After Unavailable, the change may turn out to be done after a restart; after any
    /// other error, nothing was changed.
    /// </summary>
    public static SnapshotterException Translate(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        OutOfSpace.Full => Error(SnapshotterError.ResourceExhausted, $"no space is left on the disk of the store \"{path}\": free some", exception),
        Busy or Locked => Error(SnapshotterError.Unavailable, $"another program has locked the store \"{path}\" for too long: end that program, or its transaction, and try again", exception),
        ReadOnly => Error(SnapshotterError.Unavailable, $"the store \"{path}\" cannot be written: its file or file system is read-only", exception),
        InputOutput => Error(SnapshotterError.Unavailable, $"the disk of the store \"{path}\" fails ({exception.Message}): read the kernel's log", exception),
        Corrupt or NotADatabase => Error(SnapshotterError.DataLoss, $"the store \"{path}\" is damaged: stop the program, move the store away, with all files that start with \"{path}-\", and put back a backup", exception),
        CannotOpen => Error(SnapshotterError.Unavailable, $"the store \"{path}\" cannot be opened: {exception.Message}", exception),
        _ => Error(SnapshotterError.Internal, $"the store \"{path}\" does not work: {exception.Message}", exception),
    };

    /// <summary>Returns the exception for an error with a file.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="what">What failed, as the start of a sentence.</param>
    public static SnapshotterException Translate(Exception exception, string what) => exception.HResult is Errno.NoSpaceLeft or Errno.QuotaExceeded
        ? Error(SnapshotterError.ResourceExhausted, $"{what}: no space is left on the disk: free some", exception)
        : Error(SnapshotterError.Unavailable, $"{what}: {exception.Message}", exception);

    /// <summary>Returns the exception for a disk that failed before, and whose log is still in use.</summary>
    public static SnapshotterException DiskFailed(string path) => new(
        SnapshotterError.Unavailable, $"the disk of the store \"{path}\" has failed, and its log is in use: try again, and read the kernel's log");

    /// <summary>Returns the exception for a damaged value in a snapshot's row.</summary>
    /// <param name="what">The value, as a plural noun.</param>
    /// <param name="name">The snapshot's key or name.</param>
    /// <param name="cause">The cause, or null if there is no other exception.</param>
    public static SnapshotterException Damaged(string what, string name, Exception? cause = null) => new(
        SnapshotterError.DataLoss, $"the {what} of the snapshot \"{name}\" are damaged in the store: stop the program and put back a backup", cause);

    private static SnapshotterException Error(SnapshotterError error, string message, Exception cause) => new(error, message, cause);
}
