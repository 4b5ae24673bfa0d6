using System.Diagnostics;
using Containerd.Snapshots.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots;

/// <summary>
/// A call on its way, from its headers to its answer. Whoever moves it on, the method that returns or the clock, does so by
/// its phase, so that it is answered once.
/// </summary>
internal sealed class RunningCall(HttpContext http, string method, TimeSpan timeout)
{
    private readonly Lock _lock = new();
    private CallPhase _phase = CallPhase.Reading;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _detached;

    /// <summary>The call's name, as containerd's service has it.</summary>
    public string Method => method;

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>When it began, as a timestamp.</summary>
    public long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>When its time is up, as a timestamp.</summary>
    public long Deadline => Started + (long)(timeout.TotalSeconds * Stopwatch.Frequency);

    /// <summary>The request, once it is read.</summary>
    public SnapshotCall? Call { get; private set; }

    /// <summary>The calls before and after it in the list of all.</summary>
    public RunningCall? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public RunningCall? Next { get; set; }

    public bool IsTimedOut { get; private set; }

    /// <summary>Whether the operator knows that its method goes on without end.</summary>
    public bool IsReported { get; private set; }

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
            if (IsTimedOut)
                throw new OperationCanceledException();

            Call = call;
            _phase = CallPhase.Running;
        }
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

    /// <returns>Whether its method is still left to itself.</returns>
    public bool TryReport()
    {
        lock (_lock)
            return IsReported = _phase == CallPhase.Detached;
    }

    /// <summary>Ends what it holds; afterwards nobody may touch the request.</summary>
    /// <returns>Whether its method was left to itself.</returns>
    public bool End()
    {
        lock (_lock)
        {
            var wasDetached = _phase == CallPhase.Detached;
            _phase = CallPhase.Ended;
            _cancellation?.Dispose();
            return wasDetached;
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
        try
        {
            await DetachedResponse.AnswerAsync(http, ErrorTranslation.ToStatus(SnapshotterError.DeadlineExceeded, "")).ConfigureAwait(false);
        }
        finally
        {
            Task? canceled;
            lock (_lock)
                canceled = _phase == CallPhase.Detached ? _cancellation?.CancelAsync() : null;

            _detached!.SetResult();
            if (canceled is not null)
                await canceled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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
