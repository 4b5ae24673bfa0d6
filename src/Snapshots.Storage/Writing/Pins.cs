namespace Containerd.Snapshots.Storage.Writing;

/// <summary>
/// The snapshots on which others are being made, by number. They cannot be removed meanwhile. A removal is announced before
/// its transaction ends, so that a snapshot is either pinned or removed.
/// </summary>
internal sealed class Pins
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _pinned = [];
    private readonly HashSet<long> _leaving = [];
    private long _ended;

    /// <summary>The number of transactions with removals that have ended.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>Pins a snapshot, unless it is being removed. Several callers can pin the same one.</summary>
    /// <returns>False if a transaction that removes it has not ended.</returns>
    public bool TryPin(long number)
    {
        lock (_lock)
        {
            if (_leaving.Contains(number))
                return false;

            _pinned[number] = _pinned.GetValueOrDefault(number) + 1;
            return true;
        }
    }

    public void Unpin(long number)
    {
        lock (_lock)
        {
            if (--_pinned[number] == 0)
                _pinned.Remove(number);
        }
    }

    /// <summary>Announces a removal, unless the snapshot is pinned.</summary>
    /// <returns>False if it is pinned.</returns>
    public bool TryAnnounceRemoval(long number)
    {
        lock (_lock)
            return !_pinned.ContainsKey(number) && _leaving.Add(number);
    }

    /// <summary>The transaction that has the announced removals was committed or undone.</summary>
    public void EndRemovals()
    {
        lock (_lock)
        {
            if (_leaving.Count == 0)
                return;

            _leaving.Clear();
            _ended++;
        }
    }
}
