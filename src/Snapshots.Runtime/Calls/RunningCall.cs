using System.Diagnostics;
using System.IO.Pipelines;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Errors;
using Containerd.Snapshots.Runtime.Limits;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// A call in flight, from its headers to its answer. The method that returns and the clock both move it to its next phase,
/// under a lock, so that it is answered once.
/// </summary>
internal sealed class RunningCall(HttpContext http, CallMethod method, CallTime time)
{
    // A request that does not arrive takes a place among all calls, and so does an answer that the client does not read.
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(30), AnswerTime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private CallPhase _phase = CallPhase.Reading;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _detached;
    private long _progress, _answered;
    private bool _isMeasured, _hasProgressed;

    /// <summary>The method that is called.</summary>
    public CallMethod Method => method;

    /// <summary>When it began, as a timestamp.</summary>
    public long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>When its time is up, as a timestamp. The limit of a call that streams counts from its last progress.</summary>
    public long Deadline => time.DeadlineOf(Started, Math.Max(Started, _progress));

    /// <summary>When the clock looks at it next.</summary>
    public long NextLook => _phase switch
    {
        CallPhase.Reading => Math.Min(Deadline, CallTime.After(Started, ReadTime)),
        CallPhase.Answering => CallTime.After(_answered, AnswerTime),
        _ => Deadline,
    };

    /// <summary>The request, once it is read.</summary>
    public SnapshotCall? Call { get; private set; }

    /// <summary>The calls before and after it in the list of all.</summary>
    public RunningCall? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public RunningCall? Next { get; set; }

    public bool IsTimedOut { get; private set; }

    /// <summary>Whether the server's own limit ended it, not the caller's deadline.</summary>
    public bool IsLimited => IsTimedOut && Call is not null && !time.IsCallers(Started, Math.Max(Started, _progress));

    /// <summary>Which time is up, and how to change it.</summary>
    public string TimeoutText => Call is null && time.Shortest > ReadTime
        ? $"the request did not arrive within {ReadTime.TotalSeconds} s"
        : time.Describe(method.Name, method.IsStreaming, Started, Math.Max(Started, _progress));

    /// <summary>Whether its method still runs although its time is up and its token is canceled.</summary>
    public bool IsHanging { get; private set; }

    public bool IsCanceled => IsTimedOut || http.RequestAborted.IsCancellationRequested;

    /// <summary>Canceled when the caller goes away or the time is up.</summary>
    public CancellationToken CancellationToken
    {
        get
        {
            lock (_lock)
            {
                if (IsTimedOut && _cancellation is null)
                    return new CancellationToken(canceled: true);

                _cancellation ??= CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
                return _cancellation.Token;
            }
        }
    }

    /// <summary>The request is read, and the method begins.</summary>
    /// <exception cref="OperationCanceledException">The time is up already.</exception>
    public void Begin(SnapshotCall call)
    {
        lock (_lock)
        {
            Call = call;
            ThrowIfTimedOut();
            _phase = CallPhase.Running;
        }
    }

    /// <exception cref="OperationCanceledException">The time is up.</exception>
    public void ThrowIfTimedOut()
    {
        if (IsTimedOut)
            throw new OperationCanceledException();
    }

    /// <summary>Notes that a call that streams makes progress: the limit of its time begins anew.</summary>
    public void Progress() => _hasProgressed = true;

    /// <summary>Writes a part of the answer, unless the call is answered already: two must not write at the same time.</summary>
    /// <exception cref="OperationCanceledException">The time is up.</exception>
    public Task WriteAsync<T>(IServerStreamWriter<T> stream, T message)
    {
        lock (_lock)
        {
            ThrowIfTimedOut();
            return stream.WriteAsync(message, CancellationToken);
        }
    }

    /// <summary>Sends what is written.</summary>
    /// <exception cref="OperationCanceledException">The time is up.</exception>
    public async Task FlushAsync()
    {
        ValueTask<FlushResult> flush;
        lock (_lock)
        {
            ThrowIfTimedOut();
            flush = http.Response.BodyWriter.FlushAsync(CancellationToken);
        }

        await flush.ConfigureAwait(false);
    }

    /// <summary>The method has returned. If it is too late, this waits until the call is answered otherwise.</summary>
    public Task FinishAsync()
    {
        lock (_lock)
        {
            if (_phase == CallPhase.Detached)
                return _detached!.Task;

            (_phase, _answered) = (CallPhase.Answering, Stopwatch.GetTimestamp());
            return Task.CompletedTask;
        }
    }

    /// <summary>Asks whether to measure the call; the answer is yes once.</summary>
    public bool TryMeasure() => !Interlocked.Exchange(ref _isMeasured, true);

    /// <summary>Marks it as hanging, if its method still runs.</summary>
    public bool TryHang()
    {
        lock (_lock)
            return IsHanging = _phase == CallPhase.Detached;
    }

    /// <summary>Releases what it holds; nothing may use the request after that.</summary>
    public void End()
    {
        lock (_lock)
        {
            _phase = CallPhase.Ended;
            _cancellation?.Dispose();
        }
    }

    /// <summary>
    /// Answers in the method's stead, if the time is up. A call that is being answered gets its answer, unless the client does
    /// not read it.
    /// </summary>
    /// <returns>What came of it.</returns>
    public TimeoutResult TimeOut()
    {
        lock (_lock)
        {
            if (IsTimedOut || _phase == CallPhase.Ended)
                return TimeoutResult.Ended;

            if (_hasProgressed)
                (_hasProgressed, _progress) = (false, Stopwatch.GetTimestamp());

            if (NextLook > Stopwatch.GetTimestamp())
                return TimeoutResult.NotYet;

            if (_phase == CallPhase.Answering)
            {
                DetachedResponse.Reset(http);
                IsTimedOut = true; // So that it is not looked at again.
                return TimeoutResult.Ended;
            }

            IsTimedOut = true;
            _phase = CallPhase.Detached;
            _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = DetachAsync();
        return TimeoutResult.TimedOut;
    }

    private async Task DetachAsync()
    {
        await DetachedResponse.AnswerAsync(http, ErrorTranslation.ToStatus(SnapshotterError.DeadlineExceeded, TimeoutText)).ConfigureAwait(false);

        Task? canceled;
        lock (_lock)
            canceled = _cancellation?.CancelAsync();

        _detached!.SetResult();
        if (canceled is not null)
            await canceled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private enum CallPhase
    {
        Reading,
        Running,
        Answering,
        Detached,
        Ended,
    }
}

/// <summary>What the clock did with a call.</summary>
internal enum TimeoutResult
{
    /// <summary>It has ended, or is not to be looked at again.</summary>
    Ended,

    /// <summary>Its time is not up: it made progress, or is being answered.</summary>
    NotYet,

    /// <summary>Its time is up, and it was answered with DeadlineExceeded.</summary>
    TimedOut,
}
