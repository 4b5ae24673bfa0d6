using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>
/// Keeps the thread pool's minimum above the number of running methods, because a method may block its thread and other
/// calls must still get one at once. The minimum grows with that number and is not set to the highest possible number of
/// calls, because each idle thread makes garbage collections slower.
/// </summary>
/// <remarks>
/// .NET ends the process if the pool cannot start a thread. So the minimum grows only if the threads can be started, and near
/// the limit of threads the pool starts none at all: calls then wait for the threads that exist.
/// </remarks>
internal sealed partial class ThreadReserve
{
    // Threads for the server itself. The minimum grows in steps of this size, so that it changes seldom.
    private const int Spare = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Func<int, bool> _canStart;
    private readonly ILogger? _logger;
    private readonly TimeProvider _time;
    private (int Workers, int Completions)? _most;
    private long _failedAt;
    private int _methods, _reserved;

    /// <param name="canStart">Whether so many threads can be started; null to try it.</param>
    /// <param name="logger">Gets a warning near the limit of threads.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public ThreadReserve(Func<int, bool>? canStart = null, ILogger? logger = null, TimeProvider? time = null)
    {
        _canStart = canStart ?? ThreadProbe.CanStart;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _reserved = 2 * Spare;
        SetMin(_reserved); // Without a probe, which would delay the start.
    }

    /// <summary>Counts a method that is about to run.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _methods);
        while (IsShort && TryReserve())
        {
        }
    }

    /// <summary>Removes a completed method from the count.</summary>
    public void Leave() => Interlocked.Decrement(ref _methods);

    private bool IsShort => Volatile.Read(ref _methods) + Spare > Volatile.Read(ref _reserved);

    // The minimum never shrinks while threads can be started. The pool ends idle threads itself.
    private bool TryReserve()
    {
        // Another call that does this now sees this method, too, and this call need not wait for it.
        if (!_lock.TryEnter())
            return false;

        try
        {
            if (_most is not null && _time.GetElapsedTime(_failedAt) < Pause)
                return false;

            var threads = Math.Max(_reserved, Volatile.Read(ref _methods) + (2 * Spare));
            if (_canStart(Math.Max(0, Environment.ProcessorCount + threads - ThreadPool.ThreadCount)))
            {
                Open();
                SetMin(threads);
                Volatile.Write(ref _reserved, threads);
                return true;
            }

            _failedAt = _time.GetTimestamp();
            Close();
            return false;
        }
        finally
        {
            _lock.Exit();
        }
    }

    private static void SetMin(int threads)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + threads), completions); // Other code may have set a higher minimum.
    }

    private void Open()
    {
        if (_most is not { } most)
            return;

        ThreadPool.SetMaxThreads(most.Workers, most.Completions);
        _most = null;
    }

    // Lets the pool start no more threads.
    private void Close()
    {
        if (_most is not null)
            return;

        ThreadPool.GetMinThreads(out _, out var completions);
        ThreadPool.GetMaxThreads(out var mostWorkers, out var mostCompletions);
        var existing = Math.Max(ThreadPool.ThreadCount, Environment.ProcessorCount);
        ThreadPool.SetMinThreads(existing, completions);
        ThreadPool.SetMaxThreads(existing, mostCompletions);
        _most = (mostWorkers, mostCompletions);
        if (_logger is not null)
            Limited(_logger, existing);
    }

    [LoggerMessage(6, LogLevel.Warning, "The limit of threads is near, so calls share {Count} threads and may wait: raise it (TasksMax= in the systemd unit, pids.max of the cgroup, ulimit -u), or lower --max-calls and --max-connections")]
    private static partial void Limited(ILogger logger, int count);
}
