using Containerd.Snapshots.Runtime.Calls;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>
/// Returns memory to the machine when the server is idle. .NET collects garbage only on allocation: an idle server would keep
/// the memory that it needed while it was busy.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    // In bytes: an idle server allocates less than Idle between two looks. A collection must be worth LeastWorth, or a
    // quarter of the heap if that is more, because a larger heap takes longer to collect.
    private const long Idle = 256 << 10, LeastWorth = 1 << 20, PartOfHeap = 4;

    // A second collection follows after this many looks: pools release their unused memory only after a minute.
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

    /// <summary>Collects if the server was idle since the last look, and busy since the last collection.</summary>
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
