using Containerd.Snapshots.Hosting.Reporting;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting.Run;

/// <summary>The snapshotters that a host has made, to be disposed when it ends.</summary>
internal sealed class MadeSnapshotters(ILogger logger)
{
    private readonly Stack<object> _snapshotters = [];
    private readonly List<SnapshotterHostContext> _contexts = [];

    public void Add(object snapshotter) => _snapshotters.Push(snapshotter);

    public void Add(SnapshotterHostContext context) => _contexts.Add(context);

    /// <summary>
    /// Disposes all, the last first, and gives their directories free. With calls that did not end in time nothing is
    /// disposed: they still use it, and the process ends anyway.
    /// </summary>
    public async ValueTask DisposeAsync(int callsInFlight)
    {
        if (callsInFlight > 0)
        {
            HostLog.Abandoned(logger, callsInFlight);
            return;
        }

        while (_snapshotters.TryPop(out var snapshotter))
            await DisposeAsync(snapshotter).ConfigureAwait(false);

        foreach (var context in _contexts)
            context.Release();
    }

    private async ValueTask DisposeAsync(object snapshotter)
    {
        try
        {
            if (snapshotter is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else if (snapshotter is IDisposable synchronous)
                synchronous.Dispose();
        }
        catch (Exception exception)
        {
            HostLog.CannotDispose(logger, snapshotter.GetType(), exception);
        }
    }
}
