using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Storage;

/// <content>Makes content, and discards it if its snapshot is not stored.</content>
public sealed partial class StoredSnapshotter
{
    private async Task RemoveNowAsync(long number)
    {
        try
        {
            if (await _content.RemoveAsync(number, CancellationToken.None).ConfigureAwait(false) is not { IsComplete: false })
                return;
        }
        catch (SnapshotterException exception) when (exception.Error == SnapshotterError.Unavailable)
        {
            // The sweeper logs it, once for all calls.
        }
        catch (Exception exception)
        {
            StoredSnapshotterLog.CannotDiscard(_logger, number, exception);
        }

        _sweeper.Enqueue(number);
    }

    /// <summary>The content of one call.</summary>
    private sealed class ContentInTheMaking(StoredSnapshotter snapshotter, Func<StoredSnapshot, CancellationToken, ValueTask> makeAsync)
    {
        private long? _made;

        public async ValueTask MakeAsync(StoredSnapshot planned, CancellationToken cancellationToken)
        {
            try
            {
                await makeAsync(planned, cancellationToken).ConfigureAwait(false);
                _made = planned.Number;
            }
            catch
            {
                // At once: a disk that is full because of it would stay full until the next cleanup.
                await snapshotter.RemoveNowAsync(planned.Number).ConfigureAwait(false);
                throw;
            }
        }

        /// <summary>Removes content that was made, if it is certain that its snapshot is not stored and will not be.</summary>
        public async Task DiscardAsync()
        {
            if (_made is { } number && !snapshotter.IsInUse(number))
                await snapshotter.RemoveNowAsync(number).ConfigureAwait(false);
        }
    }

    private bool IsInUse(long number)
    {
        try
        {
            return Store.IsInUse(number);
        }
        catch (SnapshotterException)
        {
            return true; // The store cannot be read. A later cleanup decides.
        }
    }
}
