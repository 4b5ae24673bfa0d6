namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>
/// Threads of the pool for those that snapshotters' methods may hold: a method that blocks has the thread that it is called
/// on, and however many do, others must find one at once. The pool is let have some more than there are methods at work,
/// rather than as many as there can ever be: threads that are there to wait for work cost each garbage collection a look.
/// </summary>
internal sealed class ThreadReserve
{
    // For the server itself; and as many more are let come at once, so that it is seldom done.
    private const int Spare = 4;

    private readonly Lock _lock = new();
    private int _methods, _reserved;

    public ThreadReserve() => Reserve(2 * Spare);

    /// <summary>A method is about to be called.</summary>
    public void Enter()
    {
        var needed = Interlocked.Increment(ref _methods) + Spare;
        if (needed > Volatile.Read(ref _reserved))
            Reserve(needed + Spare);
    }

    /// <summary>A method has returned, and whatever it awaits is done.</summary>
    public void Leave() => Interlocked.Decrement(ref _methods);

    // They stay: the pool itself lets threads go that have had nothing to do for a while.
    private void Reserve(int threads)
    {
        lock (_lock)
        {
            if (threads <= _reserved)
                return;

            _reserved = threads;
            ThreadPool.GetMinThreads(out var workers, out var completions);
            ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + threads), completions); // Others may want more.
        }
    }
}
