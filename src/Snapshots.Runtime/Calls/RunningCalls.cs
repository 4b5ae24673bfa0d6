using System.Diagnostics;
using System.Threading.RateLimiting;
using Containerd.Snapshots.Runtime.Insight;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// All running calls. Limits the number of calls in the snapshotters at once, and ends calls that time out. A method that
/// does not return after a timeout continues to run, and its call counts until it returns.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    // Requests that are being read, in addition to running and waiting calls.
    private const int MaxUnread = 64;

    // Time for a method to react to its canceled token.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CallLog _log;
    private readonly CallInsight _insight;
    private readonly SnapshotterLimits _limits;
    private readonly ConcurrencyLimiter _slots;
    private readonly Timer _clock;
    private readonly Lock _lock = new();
    private RunningCall? _first;
    private int _count, _hanging, _outside;
    private long _nextCheck = long.MaxValue;

    public RunningCalls(IOptions<SnapshotterLimits> limits, CallLog log, CallInsight insight)
    {
        _log = log;
        _insight = insight;
        _limits = limits.Value;
        _slots = new(new()
        {
            PermitLimit = _limits.MaxConcurrentCalls,
            QueueLimit = _limits.MaxQueuedCalls,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _clock = new(static calls => ((RunningCalls)calls!).TimeOut(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>The number of running calls, including hanging ones.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of methods that still run after their calls timed out and their tokens were canceled.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    /// <summary>Whether methods hang in half of the slots or more, so that the process needs a restart.</summary>
    public bool AreStuck => Hanging * 2 >= _limits.MaxConcurrentCalls;

    /// <summary>Whether the number of calls is at its limit, so that no further request is read.</summary>
    public bool AreTooMany => Count - Volatile.Read(ref _outside) >= _limits.MaxCalls + MaxUnread;

    /// <summary>The age of the oldest call.</summary>
    public TimeSpan OldestAge
    {
        get
        {
            lock (_lock)
            {
                var oldest = long.MaxValue;
                for (var call = _first; call is not null; call = call.Next)
                    oldest = Math.Min(oldest, call.Started);

                return oldest == long.MaxValue ? TimeSpan.Zero : Stopwatch.GetElapsedTime(oldest);
            }
        }
    }

    /// <summary>Waits for a slot in the snapshotters. If too many calls wait already, the lease is not acquired.</summary>
    public ValueTask<RateLimitLease> EnterAsync(RunningCall call)
    {
        var lease = _slots.AttemptAcquire();
        return lease.IsAcquired ? new(lease) : _slots.AcquireAsync(cancellationToken: call.CancellationToken);
    }

    /// <summary>Counts a call that leaves its slot, unless too many have left theirs.</summary>
    public bool TryLeave()
    {
        if (Interlocked.Increment(ref _outside) <= SnapshotterLimits.MostOutside)
            return true;

        Return();
        return false;
    }

    /// <summary>Removes a call that had left its slot from the count.</summary>
    public void Return() => Interlocked.Decrement(ref _outside);

    /// <summary>The answer to a call when the queue is full.</summary>
    public SnapshotResult Full => SnapshotResult.ResourceExhausted(
        $"the limits of {_limits.MaxConcurrentCalls} running and {_limits.MaxQueuedCalls} waiting calls are reached: try again later");

    public void Add(RunningCall call)
    {
        lock (_lock)
        {
            call.All = this;
            call.Next = _first;
            if (_first is not null)
                _first.Previous = call;

            _first = call;
            _count++;

            if (call.NextCheck < _nextCheck)
                ScheduleCheck(call.NextCheck);
        }
    }

    public void Remove(RunningCall call)
    {
        call.End();
        lock (_lock)
        {
            if (call.Previous is null)
                _first = call.Next;
            else
                call.Previous.Next = call.Next;

            if (call.Next is not null)
                call.Next.Previous = call.Previous;

            _count--;
        }

        if (!call.IsHanging)
            return;

        Interlocked.Decrement(ref _hanging);
        _log.Returned(call.Call!);
    }

    public void Dispose()
    {
        _clock.Dispose();
        _slots.Dispose();
    }

    private void TimeOut()
    {
        foreach (var call in TakeExpired())
        {
            try
            {
                TimeOut(call);
            }
            catch (Exception)
            {
                // From a logger or a metrics listener. On the timer's thread it would end the process.
            }
        }
    }

    private void TimeOut(RunningCall call)
    {
        switch (call.TimeOut())
        {
            case TimeoutResult.TimedOut:
                Report(call);
                break;
            case TimeoutResult.NotYet:
                CheckAgain(call);
                break;
        }
    }

    private void Report(RunningCall call)
    {
        if (_insight.Measures && call.TryMeasure())
            _insight.Measure(call.Method.FullName, call.Started, StatusCode.DeadlineExceeded);

        if (call.Call is not { } request)
            return;

        if (call.IsLimited)
            _log.Limited(request, call.TimeoutText);

        _ = WatchAsync(call);
    }

    private void CheckAgain(RunningCall call)
    {
        lock (_lock)
        {
            if (call.NextCheck < _nextCheck)
                ScheduleCheck(call.NextCheck);
        }
    }

    /// <summary>Reports a method that still runs after its token was canceled.</summary>
    private async Task WatchAsync(RunningCall call)
    {
        await call.Detached.ConfigureAwait(false);
        await Task.Delay(Grace).ConfigureAwait(false);
        if (call.TryHang())
            _log.Hangs(call.Call!, Interlocked.Increment(ref _hanging));
    }

    private List<RunningCall> TakeExpired()
    {
        var expired = new List<RunningCall>();
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            var next = long.MaxValue;
            for (var call = _first; call is not null; call = call.Next)
            {
                if (call.IsTimedOut)
                    continue;

                if (call.NextCheck <= now)
                    expired.Add(call);
                else
                    next = Math.Min(next, call.NextCheck);
            }

            ScheduleCheck(next);
        }

        return expired;
    }

    private void ScheduleCheck(long deadline)
    {
        _nextCheck = deadline;
        if (deadline == long.MaxValue)
            return;

        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline).TotalMilliseconds;
        _clock.Change(Math.Max(0, (long)Math.Ceiling(wait)), Timeout.Infinite);
    }
}
