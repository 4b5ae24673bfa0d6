namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// Hands out the numbers of new snapshots, each once. They are reserved on disk in blocks before the first of a block is
/// handed out; a crash loses the rest of a block, and nothing else.
/// </summary>
internal sealed class Numbers(GroupCommit writes, long lastElsewhere)
{
    private const int BlockLength = 128;

    // Never disposed: who waits for it would wait for ever.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<long> _pending = [];
    private long _next = 1, _last;

    /// <summary>
    /// A number that nothing else has. It counts as one in use until it is given back, so that whatever is made under it is
    /// not taken for garbage before its snapshot is stored.
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
                _pending.Add(_next);

            return _next++;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The snapshot of a number is stored, or will never be.</summary>
    public void GiveBack(long number)
    {
        lock (_pending)
            _pending.Remove(number);
    }

    public bool IsPending(long number)
    {
        lock (_pending)
            return _pending.Contains(number);
    }

    /// <summary>The numbers whose snapshots may still be stored.</summary>
    public long[] Pending()
    {
        lock (_pending)
            return [.. _pending];
    }
}
