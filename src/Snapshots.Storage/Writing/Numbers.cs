namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Hands out the numbers of new snapshots, each once. It reserves a block of numbers on disk before it hands out the first
/// of them; a crash loses the rest of the block only.
/// </summary>
/// <param name="writes">Makes the reservations.</param>
/// <param name="lastElsewhere">The highest number in use outside the store.</param>
internal sealed class Numbers(GroupCommit writes, long lastElsewhere)
{
    private const int BlockLength = 128;
    private const long UntilGivenBack = long.MaxValue;

    // Never disposed: callers that wait for it would wait forever.
    private readonly SemaphoreSlim _turn = new(1);

    // The numbers in use, each with the transaction that must be followed by another one to end its use.
    private readonly Dictionary<long, long> _pending = [];
    private long _next = 1, _last;

    /// <summary>
    /// Returns a new number, which is in use until it is given back: its content is not garbage before its snapshot is stored.
    /// </summary>
    public async ValueTask<long> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_next > _last)
            {
                var last = await writes.RunAsync(writer => writer.Reserve(BlockLength, lastElsewhere), cancellationToken).ConfigureAwait(false);
                (_next, _last) = (last - BlockLength + 1, last);
            }

            lock (_pending)
                _pending[_next] = UntilGivenBack;

            return _next++;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a number back: its snapshot is stored, or never will be.</summary>
    public void GiveBack(long number)
    {
        lock (_pending)
            _pending.Remove(number);
    }

    /// <summary>
    /// Gives a number back when the next transaction is on disk. Until then it is not known whether the number's snapshot
    /// is stored: the transaction failed, but may be in the log, where the next one replaces it.
    /// </summary>
    public void Doubt(long number)
    {
        lock (_pending)
            _pending[number] = writes.Commits;
    }

    /// <summary>Whether the number's snapshot may still be stored.</summary>
    public bool IsPending(long number)
    {
        lock (_pending)
            return _pending.TryGetValue(number, out var until) && writes.Commits <= until;
    }

    /// <summary>Returns the numbers whose snapshots may still be stored.</summary>
    public long[] Pending()
    {
        lock (_pending)
        {
            foreach (var (number, until) in _pending)
            {
                if (writes.Commits > until)
                    _pending.Remove(number);
            }

            return [.. _pending.Keys];
        }
    }
}
