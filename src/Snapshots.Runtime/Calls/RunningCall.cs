using System.Diagnostics;
using System.IO.Pipelines;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Limits;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// A running call, from its headers to its answer. A returning method and the clock both change its phase under a lock,
/// so that it is answered only once. The lock is the object itself, which saves an allocation for each call: nothing else
/// locks it.
/// </summary>
internal sealed class RunningCall(HttpContext http, CallMethod method, CallTime time)
{
    // A request that does not arrive counts as a call.
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(30);

    // The gRPC layer starts a call without waiting, so a call whose time is up meanwhile is checked again soon.
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(1);

    private CallPhase _phase = CallPhase.Starting;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _detached;
    private long _progress; // Timestamp of the last progress that the clock saw; 0 for none.
    private bool _isMeasured, _hasProgressed, _isOutside;

    /// <summary>The called method.</summary>
    public CallMethod Method => method;

    /// <summary>When the call began, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>When the call times out, as a timestamp. A streaming call's limit counts from its last progress.</summary>
    public long Deadline => time.DeadlineOf(Started, LastProgress);

    /// <summary>When the clock checks the call next, as a timestamp.</summary>
    public long NextCheck => _phase switch
    {
        CallPhase.Starting => Math.Max(ReadDeadline, CallTime.After(Stopwatch.GetTimestamp(), StartTime)),
        CallPhase.Reading => ReadDeadline,
        _ => Deadline,
    };

    /// <summary>The request; null until it is read.</summary>
    public SnapshotCall? Call { get; private set; }

    /// <summary>The neighbors in the list of running calls.</summary>
    public RunningCall? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public RunningCall? Next { get; set; }

    /// <summary>All running calls, after this one was added to them.</summary>
    public RunningCalls? All { get; set; }

    /// <summary>The call's place among those in the snapshotters; null until it has one.</summary>
    public IDisposable? Place { get; set; }

    public bool IsTimedOut { get; private set; }

    /// <summary>Whether the server's limit ended the call, not the caller's deadline.</summary>
    public bool IsLimited => IsTimedOut && !time.IsCallers(Started, LastProgress);

    /// <summary>Which limit ended the call, and how to change it.</summary>
    public string TimeoutText => Call is null && time.Shortest > ReadTime
        ? $"the request did not arrive within {ReadTime.TotalSeconds} s"
        : time.Describe(method.Name, method.IsStreaming, Started, LastProgress);

    /// <summary>Whether the method still runs after the call timed out and its token was canceled.</summary>
    public bool IsHanging { get; private set; }

    public bool IsCanceled => IsTimedOut || http.RequestAborted.IsCancellationRequested;

    /// <summary>Canceled when the caller disconnects or the call times out.</summary>
    public CancellationToken CancellationToken
    {
        get
        {
            lock (this)
            {
                if (IsTimedOut && _cancellation is null)
                    return new CancellationToken(canceled: true);

                _cancellation ??= CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                return _cancellation.Token;
            }
        }
    }

    /// <summary>
    /// Records that the gRPC layer waits, which it does first for the request. Until then it prepares the response, so the
    /// clock must not.
    /// </summary>
    public void Wait()
    {
        lock (this)
        {
            if (_phase == CallPhase.Starting)
                _phase = CallPhase.Reading;
        }
    }

    /// <summary>Records that the request is read and the method begins.</summary>
    /// <exception cref="OperationCanceledException">The call has timed out.</exception>
    public void Begin(SnapshotCall call)
    {
        lock (this)
        {
            ThrowIfTimedOut();
            Call = call;
            _phase = CallPhase.Running;
        }
    }

    /// <exception cref="OperationCanceledException">The call has timed out.</exception>
    public void ThrowIfTimedOut()
    {
        if (IsTimedOut)
            throw new OperationCanceledException();
    }

    /// <summary>Records progress of a streaming call, which restarts its limit.</summary>
    public void Progress() => _hasProgressed = true;

    /// <summary>
    /// Leaves the call's place until the result is disposed. The server's limit does not count meanwhile. Null if too many calls
    /// have left theirs.
    /// </summary>
    public IDisposable? Leave()
    {
        if (All?.TryLeave() != true)
            return null;

        Place?.Dispose();
        return new Outside(this);
    }

    /// <summary>Writes a part of the answer. Not after a timeout, because the timeout writes an answer of its own.</summary>
    /// <exception cref="OperationCanceledException">The call has timed out.</exception>
    public Task WriteAsync<T>(IServerStreamWriter<T> stream, T message)
    {
        lock (this)
        {
            ThrowIfTimedOut();
            return stream.WriteAsync(message, CancellationToken);
        }
    }

    /// <summary>Sends the written bytes.</summary>
    /// <exception cref="OperationCanceledException">The call has timed out.</exception>
    public async Task FlushAsync()
    {
        ValueTask<FlushResult> flush;
        lock (this)
        {
            ThrowIfTimedOut();
            flush = http.Response.BodyWriter.FlushAsync(CancellationToken);
        }

        await flush.ConfigureAwait(false);
    }

    /// <summary>Records that the method has returned. After a timeout, waits until its answer is written.</summary>
    public Task FinishAsync()
    {
        lock (this)
        {
            if (_phase == CallPhase.Detached)
                return _detached!.Task;

            _phase = CallPhase.Answering;
            return Task.CompletedTask;
        }
    }

    /// <summary>Completed unless the clock is answering the call, which uses the request.</summary>
    public Task Detached => _detached?.Task ?? Task.CompletedTask;

    /// <summary>Whether to measure the call; true only once.</summary>
    public bool TryMeasure() => !Interlocked.Exchange(ref _isMeasured, true);

    /// <summary>Marks the call as hanging if its method still runs.</summary>
    public bool TryHang()
    {
        lock (this)
            return IsHanging = _phase == CallPhase.Detached;
    }

    /// <summary>Releases the call's resources. Nothing may use the request afterwards.</summary>
    public void End()
    {
        lock (this)
        {
            _phase = CallPhase.Ended;
            _cancellation?.Dispose();
        }
    }

    /// <summary>Answers the call with DeadlineExceeded if it has timed out. An answer that is already being written continues.</summary>
    /// <returns>The result of the check.</returns>
    public TimeoutResult TimeOut()
    {
        lock (this)
        {
            if (_phase is not (CallPhase.Starting or CallPhase.Reading or CallPhase.Running))
                return TimeoutResult.Ended;

            if (_hasProgressed || _isOutside)
                (_hasProgressed, _progress) = (false, Stopwatch.GetTimestamp());

            if (NextCheck > Stopwatch.GetTimestamp())
                return TimeoutResult.NotYet;

            IsTimedOut = true;
            _phase = CallPhase.Detached;
            _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = DetachAsync();
        return TimeoutResult.TimedOut;
    }

    private long ReadDeadline => Math.Min(Deadline, CallTime.After(Started, ReadTime));

    private long LastProgress => Math.Max(Started, _progress);

    private async Task DetachAsync()
    {
        await DetachedResponse.AnswerAsync(http, ErrorTranslation.ToStatus(SnapshotterError.DeadlineExceeded, TimeoutText)).ConfigureAwait(false);

        Task? canceled;
        lock (this)
            canceled = _cancellation?.CancelAsync();

        _detached!.SetResult();
        if (canceled is not null)
            await canceled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed class Outside : IDisposable
    {
        private readonly RunningCall _call;

        public Outside(RunningCall call)
        {
            _call = call;
            _call._isOutside = true;
        }

        public void Dispose()
        {
            _call._isOutside = false;
            _call.Progress();
            _call.All!.Return();
        }
    }

    private enum CallPhase
    {
        Starting,
        Reading,
        Running,
        Answering,
        Detached,
        Ended,
    }
}

/// <summary>The result of the clock's check of a call.</summary>
internal enum TimeoutResult
{
    /// <summary>The call has ended, is being answered or has timed out before: it needs no further check.</summary>
    Ended,

    /// <summary>The call has time left, because it made progress or its request has arrived, or the gRPC layer still starts it.</summary>
    NotYet,

    /// <summary>The call has timed out and is answered with DeadlineExceeded.</summary>
    TimedOut,
}
