namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>
/// Keeps the thread pool's minimum above the number of running methods, because a method may block its thread and other
/// calls must still get one at once. The minimum grows with that number and is not set to the highest possible number of
/// calls, because each idle thread makes garbage collections slower.
/// </summary>
internal sealed class ThreadReserve
{
    // Threads for the server itself. The minimum grows in steps of this size, so that it changes seldom.
    private const int Spare = 4;

    private readonly Lock _lock = new();
    private int _methods, _reserved;

    public ThreadReserve() => Reserve(2 * Spare);

    /// <summary>Counts a method that is about to run.</summary>
    public void Enter()
    {
        var needed = Interlocked.Increment(ref _methods) + Spare;
        if (needed > Volatile.Read(ref _reserved))
            Reserve(needed + Spare);
    }

    /// <summary>Removes a completed method from the count.</summary>
    public void Leave() => Interlocked.Decrement(ref _methods);

    // The minimum never shrinks. The pool ends idle threads itself.
    private void Reserve(int threads)
    {
        lock (_lock)
        {
            if (threads <= _reserved)
                return;

            _reserved = threads;
            ThreadPool.GetMinThreads(out var workers, out var completions);
            ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + threads), completions); // Other code may have set a higher minimum.
        }
    }
}
