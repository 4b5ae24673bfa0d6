namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>
/// The connections of all blobs. Each blob waits for one, in the order in which they come; further ones, for what comes later, are
/// had only while enough are left.
/// </summary>
internal sealed class ConnectionLimit(int max) : IDisposable
{
    // Ahead of their turn, blobs use at most a quarter of the connections.
    private readonly int _maxAhead = Math.Max(1, max / 4);
    private readonly SemaphoreSlim _own = new(max);
    private int _ahead;

    /// <summary>Waits for a blob's own connection.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => _own.WaitAsync(cancellationToken);

    /// <summary>Gives it back.</summary>
    public void Return() => _own.Release();

    /// <summary>Takes a further connection if there is one.</summary>
    public bool TryTakeAhead()
    {
        if (Interlocked.Increment(ref _ahead) <= _maxAhead)
            return true;

        Interlocked.Decrement(ref _ahead);
        return false;
    }

    /// <summary>Gives a further connection back.</summary>
    public void ReturnAhead() => Interlocked.Decrement(ref _ahead);

    public void Dispose() => _own.Dispose();
}
