using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Sqlite;

/// <summary>
/// Has a connection sync its log by <c>fdatasync</c>: the data and the length, and not the time of the last change, for
/// which <c>fsync</c> writes to the file system's journal as well, at each transaction. SQLite does so by itself where it
/// was built for it; the library that comes with Microsoft.Data.Sqlite was not. When a log is synced, and what follows
/// from a failure, is SQLite's own doing as before.
/// </summary>
internal sealed unsafe class LogSync : IDisposable
{
    // sqlite3.h: SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_SYNC_NORMAL, SQLITE_IOERR_FSYNC.
    private const int LogFile = 28, SyncNormal = 2, SyncFailed = 10 | (4 << 8);

    private readonly SafeFileHandle _log;
    private Methods* _methods;

    private LogSync(SafeFileHandle log, Methods* methods)
    {
        _log = log;
        _methods = methods;
    }

    /// <summary>Changes a connection.</summary>
    /// <param name="connection">The connection that writes, which has read from the store already: its log is open.</param>
    /// <param name="path">The path of the store.</param>
    /// <returns>To be disposed after the connection.</returns>
    public static LogSync Install(SqliteConnection connection, string path)
    {
        File* file;
        SqliteException.ThrowExceptionForRC(FileControl(connection.Handle!.DangerousGetHandle(), 0, LogFile, &file), connection.Handle);

        // A log that is new has to be found after a power cut: the first sync is SQLite's own, which syncs the folder too.
        SqliteException.ThrowExceptionForRC(file->Methods->Sync(file, SyncNormal), connection.Handle);

        // No lock is lost by it: SQLite has none on the log.
        var log = System.IO.File.OpenHandle($"{path}-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var methods = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
        NativeMemory.Copy(file->Methods, methods, Methods.Length);
        methods->Sync = &Sync;
        methods->Descriptor = (int)log.DangerousGetHandle();
        file->Methods = methods;
        return new(log, methods);
    }

    public void Dispose()
    {
        _log.Dispose();
        NativeMemory.Free(_methods);
        _methods = null; // Freed once, however often it is disposed.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(File* file, int flags) => Linux.SyncData(file->Methods->Descriptor) ? 0 : SyncFailed;

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    private static extern int FileControl(nint connection, nint database, int operation, void* argument);

    /// <summary>What every open file of SQLite begins with: struct sqlite3_file.</summary>
    private struct File
    {
        public Methods* Methods;
    }

    /// <summary>Of struct sqlite3_io_methods, version 3 on 64 bits, xSync; behind its end, what is added to our copy.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct Methods
    {
        public const int Length = 152;

        [FieldOffset(40)]
        public delegate* unmanaged[Cdecl]<File*, int, int> Sync;

        [FieldOffset(Length)]
        public int Descriptor;
    }
}
