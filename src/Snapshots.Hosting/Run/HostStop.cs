using Containerd.Snapshots.Hosting.Reporting;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Run;

/// <summary>The stop of a host: who asks for it, who waits for that, and who is told.</summary>
internal sealed class HostStop : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _begun = new();
    private Task _told = Task.CompletedTask;
    private bool _isAsked;

    /// <summary>Done when somebody has asked for the stop.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Canceled when somebody has asked for the stop.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Asks for the stop; once is enough.</summary>
    public void Ask()
    {
        if (Interlocked.Exchange(ref _isAsked, true))
            return;

        _told = _begun.CancelAsync();
        _asked.SetResult();
    }

    /// <summary>Waits until all who want to know of the stop have been told. What they throw is theirs, and logged.</summary>
    public async Task ToldAsync(TimeSpan limit, ILogger logger)
    {
        try
        {
            await _told.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AggregateException or TimeoutException)
        {
            HostLog.CannotTellOfStop(logger, exception);
        }
    }

    public void Dispose() => _begun.Dispose();
}
