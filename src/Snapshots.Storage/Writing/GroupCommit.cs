using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Makes changes in transactions, one at a time. Syncing to disk is the main cost: callers that come while a transaction is
/// written wait, and share the next one. A lone caller commits directly, without another thread. A transaction in which no
/// caller needs a sync is synced with the next one that is, or 5 seconds later.
/// </summary>
/// <param name="file">The database file.</param>
/// <param name="writer">The connection that writes; disposed with this.</param>
/// <param name="time">The clock for the 5 seconds.</param>
/// <param name="owner">The object whose type an <see cref="ObjectDisposedException"/> names.</param>
internal sealed partial class GroupCommit(StoreFile file, StoreWriter writer, TimeProvider time, object owner) : IDisposable
{
    private const int MaxGroup = 256;

    // SQLite copies the log to the database at 4 MiB, but cannot restart the log while a reader uses it, and busy readers
    // never pause. Above this length, each transaction is followed by an attempt to empty the log.
    private const long MaxLogLength = 16 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly List<PendingWrite> _group = [];
    private TaskCompletionSource? _idle;
    private long _commits;
    private bool _isWriting, _isClosed;

    /// <summary>The number of transactions that were committed and synced, without those that changed nothing.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Makes a change.</summary>
    /// <param name="write">Changes the store. If it throws a <see cref="SnapshotterException"/>, it must have changed nothing.</param>
    /// <param name="cancellationToken">Cancels the change before it starts.</param>
    /// <returns>The change's result, when the change is on disk.</returns>
    public Task<T> RunAsync<T>(Func<StoreWriter, T> write, CancellationToken cancellationToken) =>
        RunAsync(new PendingWrite<T>(write, needsSync: true, cancellationToken), cancellationToken);

    /// <summary>Makes a change, as <see cref="RunAsync{T}(Func{StoreWriter, T}, CancellationToken)"/> does.</summary>
    /// <returns>The change's result, when the change is committed: it survives a crash, but perhaps not a power cut.</returns>
    public Task<T> RunUnsyncedAsync<T>(Func<StoreWriter, T> write, CancellationToken cancellationToken) =>
        RunAsync(new PendingWrite<T>(write, needsSync: false, cancellationToken), cancellationToken);

    /// <summary>Waits for the changes that were requested; later ones fail.</summary>
    public void Dispose()
    {
        Task idle;
        lock (_lock)
        {
            _isClosed = true;
            idle = _isWriting ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }

        idle.GetAwaiter().GetResult();
        SyncAtEnd();
        writer.Dispose();
    }

    private Task<T> RunAsync<T>(PendingWrite<T> pending, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Enqueue(pending))
            WriteGroup();

        return pending.WaitAsync();
    }

    // Returns whether the caller has to write, since no other caller does.
    private bool Enqueue(PendingWrite pending)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, owner);
            _waiting.Enqueue(pending);
            if (_isWriting)
                return false;

            return _isWriting = true;
        }
    }

    private void WriteGroup()
    {
        TakeGroup();
        CommitGroup();
        BoundLog();

        // The caller has its answer. A pool thread serves the callers that came meanwhile.
        if (HasMore())
            ThreadPool.UnsafeQueueUserWorkItem(static group => group.WriteGroup(), this, preferLocal: false);
    }

    private void TakeGroup()
    {
        _group.Clear();
        lock (_lock)
        {
            while (_group.Count < MaxGroup && _waiting.TryDequeue(out var pending))
                _group.Add(pending);
        }
    }

    private void CommitGroup()
    {
        try
        {
            Commit();
        }
        catch (Exception exception)
        {
            Undo();
            SuspectLog(exception);
            var failure = exception is SqliteException sqlite ? SqliteErrors.Translate(sqlite, file.Path) : exception;
            foreach (var pending in _group)
                pending.Fail(failure);

            return;
        }

        foreach (var pending in _group)
            pending.Complete();
    }

    private void Commit()
    {
        var syncs = _group.Exists(static pending => pending.NeedsSync);
        ReplaceSuspectLog();
        writer.Begin(syncs);
        foreach (var pending in _group)
            pending.Execute(writer);

        var isChanged = writer.HasChanges;
        if (isChanged && !syncs)
            _isUnsynced = true; // Before readers see the change, and ask for a sync of it.

        writer.Commit();
        if (!isChanged)
            return;

        if (syncs)
        {
            Interlocked.Increment(ref _commits);
            _isUnsynced = false;
        }
        else
        {
            SyncLater();
        }
    }

    private void Undo()
    {
        try
        {
            writer.Rollback();
        }
        catch (SqliteException)
        {
            // The disk fails. Nothing is committed, and the next transaction reports it again.
        }
    }

    private void BoundLog()
    {
        if (file.LogLength < MaxLogLength)
            return;

        try
        {
            if (writer.EmptyLog())
                writer.WithLog(file.ReserveLog);
        }
        catch (SqliteException)
        {
            // The disk is full, for example: the next change reports it, and this is tried again.
        }
    }

    private bool HasMore()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
                return true;

            _isWriting = false;
            _idle?.SetResult();
            return false;
        }
    }
}
