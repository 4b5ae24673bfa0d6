using System.Diagnostics;
using System.Threading.RateLimiting;
using Containerd.Snapshots.Runtime.Insight;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// All calls that are on their way: how many may be with the snapshotters at once, and what happens to those whose time is
/// up. A method that does not return then is left to itself, and its call counts until it does.
/// </summary>
internal sealed class RunningCalls : IDisposable
{
    // Requests that are being read, beside those that run and wait.
    private const int MostUnread = 64;

    // For a method that ends by its token, as it should.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CallLog _log;
    private readonly CallInsight _insight;
    private readonly SnapshotterLimits _limits;
    private readonly ConcurrencyLimiter _slots;
    private readonly Timer _clock;
    private readonly Lock _lock = new();
    private RunningCall? _first;
    private int _count, _hanging;
    private long _nextLook = long.MaxValue;

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

    /// <summary>How many calls are on their way, those that hang included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many methods go on although the time of their calls is up and their tokens are canceled.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    /// <summary>Whether so many methods hang that the process had better be started again.</summary>
    public bool AreStuck => Hanging * 2 >= _limits.MaxConcurrentCalls;

    /// <summary>Whether there are as many calls as there are streams and threads for, so that not even one more is to be read.</summary>
    public bool AreTooMany => Count >= _limits.MaxCalls + MostUnread;

    /// <summary>How long the oldest call has taken so far.</summary>
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

    /// <summary>Waits until a snapshotter may have one more call; where too many wait already, the lease is none.</summary>
    public ValueTask<RateLimitLease> EnterAsync(RunningCall call)
    {
        var lease = _slots.AttemptAcquire();
        return lease.IsAcquired ? new(lease) : _slots.AcquireAsync(cancellationToken: call.CancellationToken);
    }

    /// <summary>What a call is told that may not even wait.</summary>
    public SnapshotResult Full => SnapshotResult.ResourceExhausted(
        $"{_limits.MaxConcurrentCalls} calls are at work and {_limits.MaxQueuedCalls} wait for them: try again later");

    public void Add(RunningCall call)
    {
        lock (_lock)
        {
            call.Next = _first;
            if (_first is not null)
                _first.Previous = call;

            _first = call;
            _count++;

            if (call.NextLook < _nextLook)
                LookAt(call.NextLook);
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
        _log.CameBack(call.Call!);
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
            switch (call.TimeOut())
            {
                case TimeoutResult.TimedOut:
                    Report(call);
                    break;
                case TimeoutResult.NotYet:
                    LookAgain(call);
                    break;
            }
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

    private void LookAgain(RunningCall call)
    {
        lock (_lock)
        {
            if (call.NextLook < _nextLook)
                LookAt(call.NextLook);
        }
    }

    /// <summary>Sees whether a method goes on although its time is up and its token canceled.</summary>
    private async Task WatchAsync(RunningCall call)
    {
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

                if (call.NextLook <= now)
                    expired.Add(call);
                else
                    next = Math.Min(next, call.NextLook);
            }

            LookAt(next);
        }

        return expired;
    }

    private void LookAt(long deadline)
    {
        _nextLook = deadline;
        if (deadline == long.MaxValue)
            return;

        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline).TotalMilliseconds;
        _clock.Change(Math.Max(0, (long)Math.Ceiling(wait)), Timeout.Infinite);
    }
}
