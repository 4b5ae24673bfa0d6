using System.Diagnostics;
using System.IO.Pipelines;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Errors;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Runtime.Calls;

/// <summary>
/// A call on its way, from its headers to its answer. Whoever moves it on, the method that returns or the clock, does so by
/// its phase, so that it is answered once.
/// </summary>
internal sealed class RunningCall(HttpContext http, string method, TimeSpan timeout)
{
    // A request that does not arrive holds a place among all calls.
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private CallPhase _phase = CallPhase.Reading;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _detached;
    private bool _isMeasured;

    /// <summary>The call's name, as containerd's service has it.</summary>
    public string Method => method;

    /// <summary>When it began, as a timestamp.</summary>
    public long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>When its time is up, as a timestamp.</summary>
    public long Deadline => After(timeout);

    /// <summary>When the clock is to look at it: its deadline, or sooner while its request is still being read.</summary>
    public long NextLook => Call is null && timeout > ReadTime ? After(ReadTime) : Deadline;

    /// <summary>The request, once it is read.</summary>
    public SnapshotCall? Call { get; private set; }

    /// <summary>The calls before and after it in the list of all.</summary>
    public RunningCall? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public RunningCall? Next { get; set; }

    public bool IsTimedOut { get; private set; }

    /// <summary>Whether its method goes on although its time is up and its token canceled.</summary>
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

    /// <summary>Its request is read: from now on the method has it.</summary>
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

    /// <summary>The method has returned. One that comes too late waits until its call is answered, and then for nothing.</summary>
    public Task FinishAsync()
    {
        lock (_lock)
        {
            if (_phase == CallPhase.Detached)
                return _detached!.Task;

            _phase = CallPhase.Answering;
            return Task.CompletedTask;
        }
    }

    /// <summary>Asks whether to measure the call; the answer is yes once.</summary>
    public bool TryMeasure() => !Interlocked.Exchange(ref _isMeasured, true);

    /// <summary>Marks it as hanging, if its method still has it.</summary>
    public bool TryHang()
    {
        lock (_lock)
            return IsHanging = _phase == CallPhase.Detached;
    }

    /// <summary>Ends what it holds; afterwards nobody may touch the request.</summary>
    public void End()
    {
        lock (_lock)
        {
            _phase = CallPhase.Ended;
            _cancellation?.Dispose();
        }
    }

    /// <summary>The time is up: answers in the method's stead, or gives up what is not with the method.</summary>
    /// <returns>Whether the method is left to itself.</returns>
    public bool TimeOut()
    {
        lock (_lock)
        {
            if (IsTimedOut || _phase == CallPhase.Ended)
                return false;

            IsTimedOut = true;
            if (_phase != CallPhase.Running)
            {
                DetachedResponse.Reset(http);
                return false;
            }

            _phase = CallPhase.Detached;
            _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = DetachAsync();
        return true;
    }

    private async Task DetachAsync()
    {
        await DetachedResponse.AnswerAsync(http, ErrorTranslation.ToStatus(SnapshotterError.DeadlineExceeded, "")).ConfigureAwait(false);

        Task? canceled;
        lock (_lock)
            canceled = _cancellation?.CancelAsync();

        _detached!.SetResult();
        if (canceled is not null)
            await canceled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private long After(TimeSpan time) => Started + (long)(time.TotalSeconds * Stopwatch.Frequency);

    private enum CallPhase
    {
        Reading,
        Running,
        Answering,
        Detached,
        Ended,
    }
}
