using Containerd.Snapshots.Hosting.Reporting;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Run;

/// <summary>The stop of a host: requests it once, and runs the callbacks that wait for it.</summary>
internal sealed class HostStop : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _begun = new();
    private Task _callbacks = Task.CompletedTask;
    private bool _isAsked;

    /// <summary>Completes when the stop is requested.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Canceled when the stop is requested.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Requests the stop. Further requests have no effect.</summary>
    public void Ask()
    {
        if (Interlocked.Exchange(ref _isAsked, true))
            return;

        _callbacks = _begun.CancelAsync();
        _asked.SetResult();
    }

    /// <summary>Waits, up to a limit, until the callbacks registered on <see cref="Begun"/> have run. Their failures are logged.</summary>
    public async Task CallbacksAsync(TimeSpan limit, ILogger logger)
    {
        try
        {
            await _callbacks.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AggregateException or TimeoutException)
        {
            HostLog.StopCallbackFailed(logger, exception);
        }
    }

    public void Dispose() => _begun.Dispose();
}
