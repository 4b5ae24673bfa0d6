using System.Diagnostics;
using Containerd.Snapshots.Overlay.Sweeping;
using Containerd.Snapshots.Shared;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// Removes the directories of snapshots that are gone: one at a time, on a thread of its own with a low priority, and a
/// little later, since a disk that removes files syncs slowly. A directory is removed only if its owner says that it is not
/// in use. What cannot be removed is logged once and tried again by each cleanup; it never stops the rest.
/// </summary>
public sealed class DirectorySweeper : IAsyncDisposable
{
    // It begins when nothing was enqueued for a moment, or when that has gone on for too long.
    private const int MostWaiting = 1000;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200), LongestDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<long> _numbers = [];
    private readonly Sweep _sweep;
    private readonly ILogger _logger;
    private TaskCompletionSource<SweepReport>? _pass;
    private bool _isStopped;

    /// <summary>Starts the thread, which waits for work.</summary>
    /// <param name="directories">The directories; dispose them after this.</param>
    /// <param name="isInUse">
    /// Whether a number is that of a snapshot, or of one in the making: from before its directory is made until it is known
    /// that there will be no such snapshot. It is asked on the sweeper's thread, right before the removal and after the
    /// directory was seen. It may throw where it does not know: the directory then stays.
    /// </param>
    /// <param name="logger">Gets a line for what cannot be removed.</param>
    public DirectorySweeper(OverlayDirectories directories, Func<long, bool> isInUse, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentNullException.ThrowIfNull(isInUse);
        ArgumentNullException.ThrowIfNull(logger);
        _sweep = new(directories, isInUse, logger, _stopping.Token);
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "Directory sweeper" }.Start();
    }

    /// <summary>Has a directory removed in the background, soon.</summary>
    /// <param name="number">The number of a snapshot whose row is gone.</param>
    public void Enqueue(long number)
    {
        lock (_lock)
        {
            if (_isStopped)
                return; // The first cleanup of the next run finds it.

            _numbers.Enqueue(number);
            if (_numbers.Count is not (1 or MostWaiting))
                return; // It waits for a moment without more, and is better left alone meanwhile.
        }

        _work.Set();
    }

    /// <summary>
    /// Removes every directory that is not in use, those that a crash has left too. Callers at the same time share one
    /// pass.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the pass goes on.</param>
    /// <exception cref="IOException">The directory of all snapshots cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the sweeper is disposed.</exception>
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

    /// <summary>Stops between two files, and waits for that. What is left is removed by the first cleanup of the next run.</summary>
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
            while (!_stopping.IsCancellationRequested && (RunPass() || RunOne()))
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

    // Whether more was enqueued since it was asked last (nobody takes any meanwhile), and nothing else is to be done.
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
            pass.SetResult(_sweep.All());
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

    private bool RunOne()
    {
        if (TakeNumber() is not { } number)
            return false;

        try
        {
            _sweep.One(number);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            SweepLog.Failed(_logger, number, exception);
        }

        return true;
    }

    // Taken when it begins: who asks later has to wait for the next, since this one's listing may be older.
    private TaskCompletionSource<SweepReport>? TakePass()
    {
        lock (_lock)
        {
            var pass = _pass;
            _pass = null;
            return pass;
        }
    }

    private long? TakeNumber()
    {
        lock (_lock)
            return _numbers.TryDequeue(out var number) ? number : null;
    }
}
