using Containerd.Snapshots.Storage.Content;

namespace Containerd.Snapshots.Storage;

/// <content>Makes content, and discards it if its snapshot is not stored.</content>
public sealed partial class StoredSnapshotter
{
    /// <summary>The content of one call.</summary>
    private sealed class ContentInTheMaking(StoredSnapshotter snapshotter, Func<StoredSnapshot, CancellationToken, ValueTask> makeAsync)
    {
        private long? _rest;

        public async ValueTask MakeAsync(StoredSnapshot planned, CancellationToken cancellationToken)
        {
            _rest = planned.Number;
            try
            {
                await makeAsync(planned, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                if (ContentExists.Is(exception))
                    _rest = null; // It is not this call's.
                else
                    await RemoveNowAsync(planned.Number).ConfigureAwait(false);

                throw;
            }
        }

        /// <summary>
        /// After a failed call, removes in the background what is left of its content: it was made, but the snapshot was not
        /// stored. If the snapshot may turn out to be stored, its number is still in use, and the content stays.
        /// </summary>
        public void RemoveRest()
        {
            if (_rest is { } number)
                snapshotter._sweeper.Enqueue(number);
        }

        // At once: a disk that is full because of it would stay full. The number is still in use, so nothing else removes it.
        private async ValueTask RemoveNowAsync(long number)
        {
            try
            {
                if (await snapshotter._content.RemoveAsync(number, CancellationToken.None).ConfigureAwait(false) is not { IsComplete: false })
                    _rest = null;
            }
            catch (SnapshotterException exception) when (exception.Error == SnapshotterError.Unavailable)
            {
                // The sweeper logs it, once for all calls.
            }
            catch (Exception exception)
            {
                StoredSnapshotterLog.CannotDiscard(snapshotter._logger, number, exception);
            }
        }
    }
}
