namespace Containerd.Snapshots.Overlay.Directories;

/// <summary>
/// Syncs once for all who ask at the same time. One sync runs at a time; everybody who asks meanwhile shares the next,
/// since the one that runs may have passed what they wait for.
/// </summary>
/// <param name="sync">Syncs; throws if it cannot.</param>
internal sealed class GroupSync(Action sync)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private bool _isRunning;

    /// <summary>Returns when everything that was done before the call is on the disk.</summary>
    public Task RunAsync()
    {
        lock (_lock)
        {
            if (_isRunning)
                return (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

            _isRunning = true;
        }

        // Whoever finds none running syncs by himself: a hand-over would cost a lonely caller more than the sync.
        try
        {
            sync();
            return Task.CompletedTask;
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
        finally
        {
            if (TakeNext() is { } next)
                ThreadPool.UnsafeQueueUserWorkItem(RunForOthers, next, preferLocal: false);
        }
    }

    private void RunForOthers(TaskCompletionSource waiting)
    {
        for (var next = waiting; next is not null; next = TakeNext())
        {
            try
            {
                sync();
                next.SetResult();
            }
            catch (Exception exception)
            {
                next.SetException(exception);
            }
        }
    }

    private TaskCompletionSource? TakeNext()
    {
        lock (_lock)
        {
            var next = _next;
            _next = null;
            _isRunning = next is not null;
            return next;
        }
    }
}
