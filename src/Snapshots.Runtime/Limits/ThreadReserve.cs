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

    // Of a probe, which costs more for many threads in small steps than at once.
    private const int Many = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Func<int, bool> _canStart;
    private readonly ILogger? _logger;
    private readonly TimeProvider _time;
    private (int Workers, int Completions)? _most;
    private long _failedAt, _probedAt;
    private int _methods, _reserved, _probed;

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
        var needed = Interlocked.Increment(ref _methods) + Spare;
        if (needed > Volatile.Read(ref _reserved))
            Reserve(needed + Spare);
    }

    /// <summary>Removes a completed method from the count.</summary>
    public void Leave() => Interlocked.Decrement(ref _methods);

    // The minimum never shrinks while threads can be started. The pool ends idle threads itself.
    private void Reserve(int threads)
    {
        lock (_lock)
        {
            if (threads <= _reserved || (_most is not null && _time.GetElapsedTime(_failedAt) < Pause))
                return;

            if (CanHave(Environment.ProcessorCount + threads))
            {
                Open();
                _reserved = threads;
                SetMin(threads);
            }
            else
            {
                _failedAt = _time.GetTimestamp();
                Close();
            }
        }
    }

    private bool CanHave(int workers)
    {
        if (workers <= _probed && _time.GetElapsedTime(_probedAt) < Pause)
            return true;

        var missing = Math.Max(0, workers - ThreadPool.ThreadCount);
        if (missing < Many && _canStart(Many))
        {
            (_probed, _probedAt) = (workers - missing + Many, _time.GetTimestamp());
            return true;
        }

        return _canStart(missing);
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
