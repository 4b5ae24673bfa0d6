namespace Containerd.Snapshots.Storage.Content;

/// <summary>
/// Syncs once for all concurrent callers. One sync runs at a time. Callers that come meanwhile share the next one, since the
/// running sync may miss their changes.
/// </summary>
/// <param name="sync">Syncs; throws if it fails.</param>
internal sealed class GroupSync(Action sync)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private bool _isRunning;

    /// <summary>Waits until all changes from before the call are on the disk.</summary>
    public Task RunAsync()
    {
        lock (_lock)
        {
            if (_isRunning)
                return (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

            _isRunning = true;
        }

        // A lone caller syncs directly: handing over to another thread costs more than the sync.
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
