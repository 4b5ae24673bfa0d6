using Containerd.Snapshots.Runtime.Calls;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>
/// Gives memory back to the machine when the server has nothing to do. .NET collects garbage when something is allocated:
/// a server that is idle would keep for good what it took while it was busy.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    // What an idle server allocates between two looks, and what is worth a collection: the more there is to look through,
    // the more.
    private const long Idle = 256 << 10, LeastWorth = 1 << 20, PartOfHeap = 4;

    // So many looks after a collection there is another: what pools keep for the next who asks, they give up a minute later.
    private const int LooksToTheLast = 7;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Func<int> _calls;
    private readonly Func<long> _allocated, _heap;
    private readonly Action _collect;
    private readonly Timer _clock;
    private long _seen, _collected;
    private int _looks;

    public IdleMemory(RunningCalls calls)
        : this(
            () => calls.Count - calls.Hanging,
            static () => GC.GetTotalAllocatedBytes(precise: false),
            static () => GC.GetTotalMemory(forceFullCollection: false),
            static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    internal IdleMemory(Func<int> calls, Func<long> allocated, Func<long> heap, Action collect)
    {
        _calls = calls;
        _allocated = allocated;
        _heap = heap;
        _collect = collect;
        _clock = new(static idle => ((IdleMemory)idle!).Look(), this, Pause, Pause);
    }

    /// <summary>Collects, if since the last look nothing was done, and since the last collection something was.</summary>
    public void Look()
    {
        var allocated = _allocated();
        var isIdle = _calls() == 0 && allocated - _seen < Idle;
        _seen = allocated;
        if (!isIdle)
            _looks = 0;
        else if (allocated - _collected >= Math.Max(LeastWorth, _heap() / PartOfHeap))
            Collect(allocated, LooksToTheLast);
        else if (_looks > 0 && --_looks == 0)
            Collect(allocated, 0);
    }

    public void Dispose() => _clock.Dispose();

    private void Collect(long allocated, int looks)
    {
        (_collected, _looks) = (allocated, looks);
        _collect();
    }
}
