using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

/// <summary>The stop of a host: who asks for it, who waits for that, and who is told that it begins.</summary>
internal sealed class HostStop : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _begun = new();

    /// <summary>Done when somebody has asked for the stop.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Canceled when the stop begins.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Asks for the stop; once is enough.</summary>
    public void Ask() => _asked.TrySetResult();

    /// <summary>Begins it: tells all that want to know. What they throw is theirs, and logged.</summary>
    public async Task BeginAsync(ILogger logger)
    {
        try
        {
            await _begun.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            HostLog.CannotTellOfStop(logger, exception);
        }
    }

    public void Dispose() => _begun.Dispose();
}
