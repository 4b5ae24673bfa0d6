using System.Diagnostics;
using Containerd.Snapshots.Shared;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage.Sweeping;

/// <summary>
/// Removes the content of removed snapshots in the background: one at a time, on its own thread with low priority. Enqueued
/// numbers wait 200 ms to 5 s, since syncs are slow while the disk removes files. It removes content only if its number is not
/// in use, and only after the removal of the snapshot is durable. It logs once what it cannot remove, and each cleanup tries
/// again. All members are thread-safe.
/// </summary>
internal sealed class ContentSweeper : IAsyncDisposable
{
    // The removal starts when nothing was enqueued for a moment, or after the longest delay, or with so many waiting.
    private const int MostWaiting = 1000;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200), LongestDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<long> _numbers = [];
    private readonly Sweep _sweep;
    private readonly Func<CancellationToken, Task> _syncAsync;
    private readonly ILogger _logger;
    private TaskCompletionSource<SweepReport>? _pass;
    private bool _isStopped, _isUnreachable;

    /// <summary>Starts the thread.</summary>
    /// <param name="content">The content; dispose it after the sweeper.</param>
    /// <param name="isInUse">
    /// Whether a number belongs to a snapshot, or to one that is being made: from before its content is made until it is certain
    /// that the snapshot will not exist. The sweeper calls it on its own thread, right before a removal and after it has seen
    /// the content. If it throws, the content stays.
    /// </param>
    /// <param name="syncAsync">Makes all removals of snapshots durable. If it throws, the content stays.</param>
    /// <param name="logger">Gets what cannot be removed.</param>
    public ContentSweeper(ISnapshotContent content, Func<long, bool> isInUse, Func<CancellationToken, Task> syncAsync, ILogger logger)
    {
        _sweep = new(content, isInUse, logger, _stopping.Token);
        _syncAsync = syncAsync;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "Content sweeper" }.Start();
    }

    /// <summary>Removes content in the background, soon. After the disposal it does nothing.</summary>
    /// <param name="number">The number of a snapshot that is no longer stored.</param>
    public void Enqueue(long number)
    {
        lock (_lock)
        {
            if (_isStopped)
                return; // The first cleanup of the next run removes it.

            _numbers.Enqueue(number);
            if (_numbers.Count is not (1 or MostWaiting))
                return; // The thread is waiting for a moment without more.
        }

        _work.Set();
    }

    /// <summary>
    /// Removes all content that is not in use, including what a crash left. Concurrent callers share one pass.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; the pass continues.</param>
    /// <exception cref="IOException">The content cannot be listed.</exception>
    /// <exception cref="SnapshotterException">Unavailable: the content cannot be reached now.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled, or the sweeper was disposed.</exception>
    public Task<SweepReport> CleanupAsync(CancellationToken cancellationToken)
    {
        Task<SweepReport> pass;
        lock (_lock)
        {
            if (_isStopped)
                return Task.FromCanceled<SweepReport>(_stopping.Token);
            if (_pass is null)
                _work.Set();

            pass = (_pass ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        return pass.WaitAsync(cancellationToken);
    }

    /// <summary>Stops between two files, and waits for that. The first cleanup of the next run removes the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_isStopped)
                _stopping.Cancel();
            _isStopped = true;
        }

        _work.Set();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        Linux.LowerThreadPriority();
        while (!_stopping.IsCancellationRequested)
        {
            _work.WaitOne();
            AwaitMoment();
            while (!_stopping.IsCancellationRequested && (RunPass() || RunSome()))
            {
            }
        }

        TakePass()?.SetCanceled(_stopping.Token);
        _ended.SetResult();
    }

    private void AwaitMoment()
    {
        var begin = Stopwatch.GetTimestamp();
        for (var seen = -1; CanWait(ref seen) && Stopwatch.GetElapsedTime(begin) < LongestDelay;)
            _work.WaitOne(Moment);
    }

    // Whether more was enqueued since the last call, and no other work is waiting. Nothing is dequeued meanwhile.
    private bool CanWait(ref int seen)
    {
        lock (_lock)
        {
            if (_pass is not null || _isStopped || _numbers.Count >= MostWaiting || _numbers.Count == seen)
                return false;

            seen = _numbers.Count;
            return true;
        }
    }

    private bool RunPass()
    {
        if (TakePass() is not { } pass)
            return false;

        try
        {
            var report = _sweep.All(Sync);
            _isUnreachable = false;
            pass.SetResult(report);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            pass.SetCanceled(_stopping.Token);
        }
        catch (Exception exception)
        {
            pass.SetException(exception);
        }

        return true;
    }

    // One sync for all that wait.
    private bool RunSome()
    {
        if (TakeNumbers() is not { Length: > 0 } numbers)
            return false;

        try
        {
            Sync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            SweepLog.CannotSync(_logger, numbers.Length, exception);
            return true;
        }

        RunAll(numbers);
        return true;
    }

    private void RunAll(long[] numbers)
    {
        foreach (var number in numbers.TakeWhile(_ => !_stopping.IsCancellationRequested))
        {
            try
            {
                _sweep.One(number);
                _isUnreachable = false;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (Sweep.IsUnreachable(exception))
            {
                if (!_isUnreachable)
                    SweepLog.Unreachable(_logger, exception.Message);

                _isUnreachable = true;
                return;
            }
            catch (Exception exception)
            {
                SweepLog.Failed(_logger, number, exception);
            }
        }
    }

    private void Sync() => _syncAsync(_stopping.Token).GetAwaiter().GetResult();

    // Taken when the pass starts: later callers wait for the next one, since this one's listing may be too old for them.
    private TaskCompletionSource<SweepReport>? TakePass()
    {
        lock (_lock)
        {
            var pass = _pass;
            _pass = null;
            return pass;
        }
    }

    private long[] TakeNumbers()
    {
        lock (_lock)
        {
            long[] numbers = [.. _numbers];
            _numbers.Clear();
            return numbers;
        }
    }
}
