namespace Containerd.Snapshots.Remote.Fetching;

/// <summary>
/// The buffers for what is fetched before its turn, shared by all blobs. When a buffer becomes free, whoever holds the fewest gets
/// it. A blob's own turn needs none of them, so no blob waits for another one.
/// </summary>
internal sealed class BufferBudget(int count)
{
    /// <summary>The size of a buffer in bytes.</summary>
    public const int BufferSize = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _unused = new();
    private readonly LinkedList<(Owner Owner, TaskCompletionSource<byte[]> Buffer)> _waiting = new();
    private int _held, _owners;

    /// <summary>The number of buffers that are in use.</summary>
    public int Held
    {
        get
        {
            lock (_lock)
                return _held;
        }
    }

    /// <summary>Joins with another blob.</summary>
    public Owner Join()
    {
        lock (_lock)
            _owners++;
        return new();
    }

    /// <summary>A blob has returned all buffers, and is done. The last one leaves no memory behind.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_owners == 0)
                _unused.Clear();
        }
    }

    /// <summary>Takes a buffer; waits for one.</summary>
    public ValueTask<byte[]> RentAsync(Owner owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_held < count)
                return new(Take(owner));

            cancellationToken.ThrowIfCancellationRequested();
            var node = _waiting.AddLast((owner, new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously)));
            return new(WaitAsync(node, cancellationToken));
        }
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(Owner owner, byte[] buffer)
    {
        lock (_lock)
        {
            owner.Held--;
            _held--;
            _unused.Push(buffer);
            if (_waiting.Count == 0)
                return;

            var next = _waiting.First!;
            for (var node = next.Next; node is not null; node = node.Next)
            {
                if (node.Value.Owner.Held < next.Value.Owner.Held)
                    next = node;
            }

            _waiting.Remove(next);
            next.Value.Buffer.SetResult(Take(next.Value.Owner));
        }
    }

    private async Task<byte[]> WaitAsync(LinkedListNode<(Owner Owner, TaskCompletionSource<byte[]> Buffer)> node, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            _ =>
            {
                // Under the lock, it is either given a buffer or not: none is lost.
                lock (_lock)
                {
                    if (node.List is null)
                        return;
                    _waiting.Remove(node);
                }

                node.Value.Buffer.TrySetCanceled(cancellationToken);
            },
            null);
        return await node.Value.Buffer.Task.ConfigureAwait(false);
    }

    private byte[] Take(Owner owner)
    {
        _held++;
        owner.Held++;
        return _unused.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(BufferSize);
    }

    /// <summary>A blob that takes buffers.</summary>
    internal sealed class Owner
    {
        /// <summary>How many it has; changed under the budget's lock.</summary>
        public int Held { get; set; }
    }
}
