namespace Containerd.Snapshots.Overlay;

/// <summary>
/// A directory that was made for a snapshot whose row is not stored yet. While this is not disposed, no sweep removes
/// the directory. Dispose it when the row's fate is known: stored, or never to be. A directory without a row is then
/// garbage for the next sweep.
/// </summary>
public sealed class MadeDirectory : IDisposable
{
    private readonly Action<long> _release;
    private int _isReleased;

    internal MadeDirectory(long number, Action<long> release)
    {
        Number = number;
        _release = release;
    }

    /// <summary>The snapshot's number.</summary>
    public long Number { get; }

    /// <summary>Leaves the directory to the sweeps, which ask whether it is in use.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            _release(Number);
    }
}
