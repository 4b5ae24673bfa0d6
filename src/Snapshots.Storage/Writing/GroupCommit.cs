using Containerd.Snapshots.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Makes changes in transactions, one at a time. Writing to disk is what costs: who comes while a transaction is being
/// written waits, and all who wait share the next one. Who comes alone commits by himself, with no thread in between.
/// </summary>
internal sealed class GroupCommit(StoreFile file, StoreWriter writer, object owner) : IDisposable
{
    private const int MaxGroup = 256;

    // SQLite itself moves what is logged to the database at 4 MiB. It cannot start the log anew while someone reads from it,
    // and there may always be someone: then this waits until nobody does.
    private const long MaxLogLength = 16 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly List<PendingWrite> _group = [];
    private TaskCompletionSource? _idle;
    private bool _isWriting, _isClosed;

    /// <summary>Makes a change.</summary>
    /// <param name="write">Changes the store. A <see cref="SnapshotterException"/> from it means that it has changed nothing.</param>
    /// <param name="cancellationToken">Gives up, as long as the change has not begun.</param>
    /// <returns>What the change returned, once it is on disk.</returns>
    public Task<T> RunAsync<T>(Func<StoreWriter, T> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingWrite<T>(write, cancellationToken);
        if (Enqueue(pending))
            WriteGroup();

        return pending.WaitAsync();
    }

    /// <summary>Waits for the changes that were asked for; later ones are refused.</summary>
    public void Dispose()
    {
        Task idle;
        lock (_lock)
        {
            _isClosed = true;
            idle = _isWriting ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }

        idle.GetAwaiter().GetResult();
        writer.Dispose();
    }

    // Whether nobody writes now, so that the caller has to.
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

        // The caller has his answer. Others, who came meanwhile, are served by a thread of their own.
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
            writer.Begin();
            foreach (var pending in _group)
                pending.Execute(writer);

            writer.Commit();
        }
        catch (Exception exception)
        {
            Undo();
            var failure = exception is SqliteException sqlite ? SqliteErrors.Translate(sqlite, file.Path) : exception;
            foreach (var pending in _group)
                pending.Fail(failure);

            return;
        }

        foreach (var pending in _group)
            pending.Complete();
    }

    private void Undo()
    {
        try
        {
            writer.Rollback();
        }
        catch (SqliteException)
        {
            // The disk is gone. Nothing is committed, and the next transaction will say the same.
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
            // The disk is full, say: the next change will tell, and tries again.
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
