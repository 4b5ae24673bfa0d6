using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Writing;

/// <content>Committed changes that are not on disk.</content>
internal sealed partial class GroupCommit
{
    private const int SyncFailed = 10 | (4 << 8); // SQLITE_IOERR_FSYNC

    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(5);

    private ITimer? _late;
    private bool _isLateSet, _isLogSuspect, _isSynced;

    // At first, too: what an earlier process committed before it was killed may not be on disk.
    private volatile bool _isUnsynced = true;

    /// <summary>Whether a committed change is perhaps not on disk.</summary>
    public bool IsUnsynced => _isUnsynced;

    /// <summary>Waits until all committed changes are on disk.</summary>
    public Task SyncAsync(CancellationToken cancellationToken)
    {
        if (_isUnsynced)
            return RunAsync(Sync, cancellationToken);

        return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Syncs 5 seconds later, if no other transaction has done it until then.</summary>
    public void SyncLater()
    {
        lock (_lock)
        {
            if (_isClosed || _isLateSet)
                return;

            _isLateSet = true;
            _late ??= time.CreateTimer(static writes => ((GroupCommit)writes!).BeLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _late.Change(Latest, Timeout.InfiniteTimeSpan);
        }
    }

    // On a thread of its own: a failing disk can hold it for minutes.
    private void BeLate()
    {
        lock (_lock)
            _isLateSet = false;

        if (!_isUnsynced)
            return;

        try
        {
            _ = Task.Factory.StartNew(SyncLateAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or TaskSchedulerException)
        {
            SyncLater(); // No thread can be started now. On the timer's thread the exception would end the process.
        }
    }

    private async Task SyncLateAsync()
    {
        try
        {
            await SyncAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            SyncLater(); // The next change reports the error.
        }
    }

    // Another change of the transaction, or an earlier transaction, may have done it.
    private int Sync(StoreWriter writer)
    {
        if (_isUnsynced && !writer.HasChanges)
            writer.Touch();

        return 0;
    }

    // Closing the last connection copies the log to the database, but another program may have one.
    private void SyncAtEnd()
    {
        if (_isSynced)
            return;

        _isSynced = true;
        _late?.Dispose();
        try
        {
            if (_isUnsynced)
                writer.Sync();

            writer.ParkLog(file);
        }
        catch (SqliteException)
        {
            // The disk fails, or another program writes: the changes are not on disk, as after a crash.
        }
    }

    // The kernel reports a failed write of unsynced changes once, and its next sync succeeds without them. The log is then
    // worth nothing from there on.
    private void SuspectLog(Exception exception) =>
        _isLogSuspect |= _isUnsynced && exception is SqliteException { SqliteExtendedErrorCode: SyncFailed };

    private void ReplaceSuspectLog()
    {
        if (!_isLogSuspect)
            return;

        if (!writer.EmptyLog())
            throw SqliteErrors.DiskFailed(file.Path);

        _isLogSuspect = _isUnsynced = false;
        writer.WithLog(file.ReserveLog);
    }
}
