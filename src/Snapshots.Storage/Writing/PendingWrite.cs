namespace Containerd.Snapshots.Storage.Writing;

/// <summary>A change that waits for its transaction, and whose caller waits for it.</summary>
internal abstract class PendingWrite
{
    /// <summary>Whether the caller gets its answer only when the change is on disk.</summary>
    public abstract bool NeedsSync { get; }

    /// <summary>Makes the change unless its caller has canceled it; the caller cannot cancel it later.</summary>
    public abstract void Execute(StoreWriter writer);

    /// <summary>Completes the call: the transaction is committed.</summary>
    public abstract void Complete();

    /// <summary>Fails the call: none of the transaction's changes happened.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<StoreWriter, T> write, bool needsSync, CancellationToken cancellationToken) : PendingWrite
{
    private const int Waiting = 0, Started = 1, Canceled = 2;

    // Asynchronously: the writer must not run its callers' code.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private T? _result;
    private Exception? _refusal;

    public override bool NeedsSync => needsSync;

    public async Task<T> WaitAsync()
    {
        var registration = cancellationToken.UnsafeRegister(static write => ((PendingWrite<T>)write!).Cancel(), this);
        await using (registration.ConfigureAwait(false))
            return await _answer.Task.ConfigureAwait(false);
    }

    public override void Execute(StoreWriter writer)
    {
        if (Interlocked.CompareExchange(ref _state, Started, Waiting) != Waiting)
            return;

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _result = write(writer);
        }
        catch (Exception exception) when (exception is SnapshotterException or OperationCanceledException)
        {
            _refusal = exception;
        }
    }

    public override void Complete()
    {
        if (_state == Canceled)
            return;

        if (_refusal is not null)
            _answer.TrySetException(_refusal);
        else
            _answer.TrySetResult(_result!);
    }

    // Even if a rule refused the change: another change of the transaction may have been the reason.
    public override void Fail(Exception exception) => _answer.TrySetException(exception);

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Canceled, Waiting) == Waiting)
            _answer.TrySetCanceled(cancellationToken);
    }
}
