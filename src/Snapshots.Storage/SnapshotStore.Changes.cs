namespace Containerd.Snapshots.Storage;

/// <content>The calls that change snapshots, and the sync.</content>
public sealed partial class SnapshotStore
{
    /// <summary>Commits an active snapshot. It keeps its number.</summary>
    /// <param name="name">The name of the committed snapshot.</param>
    /// <param name="key">The key of the active snapshot; it can be used again afterwards.</param>
    /// <param name="parent">
    /// The parent that the committed snapshot must have. If the active snapshot has none, it gets this one (containerd 2.3
    /// and newer, with the capability <c>rebase</c>). Empty: the parent of the active snapshot.
    /// </param>
    /// <param name="labels">The new labels, which replace the old ones; labels with an empty value are not stored.</param>
    /// <param name="measure">Measures the snapshot's usage before the change; it may also make the content survive a power cut.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <returns>The committed snapshot.</returns>
    /// <exception cref="SnapshotterException">
    /// Checked in this order: NotFound (the key), InvalidArgument (the name is empty), AlreadyExists (the name),
    /// FailedPrecondition (the snapshot is not active), InvalidArgument (it has another parent), NotFound (the parent),
    /// FailedPrecondition (the parent is not committed).
    /// </exception>
    public async Task<StoredSnapshot> CommitAsync(
        string name,
        string key,
        string parent,
        IReadOnlyDictionary<string, string> labels,
        Func<StoredSnapshot, CancellationToken, ValueTask<SnapshotUsage>> measure,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(measure);

        var active = Plan();
        var usage = await MeasureAsync(active).ConfigureAwait(false);
        return await _writes.RunAsync(writer => writer.Commit(active, name, parent, labels, usage), cancellationToken).ConfigureAwait(false);

        async ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot active)
        {
            try
            {
                return await measure(active, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Plan(); // If the snapshot was removed meanwhile, this throws the real cause.
                throw;
            }
        }

        StoredSnapshot Plan() => _readers.Read((name, key, parent), static (reader, call) => reader.PlanCommit(call.name, call.key, call.parent));
    }

    /// <summary>
    /// Removes a snapshot of any kind. Its key or name can be used again at once. The call does not wait for the disk: the
    /// removal is on disk with the next change other than a removal, or 5 seconds later. After a power cut before that, the
    /// snapshot is there again. Therefore call <see cref="SyncAsync"/> before you remove its content.
    /// </summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <returns>The removed snapshot, whose content is garbage now.</returns>
    /// <exception cref="SnapshotterException">
    /// NotFound, or FailedPrecondition if the snapshot has children, or one that is being made.
    /// </exception>
    public Task<StoredSnapshot> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _writes.RunUnsyncedAsync(writer => writer.Remove(key), cancellationToken);
    }

    /// <summary>
    /// Gives up the content that <see cref="SnapshotStoreOptions.MakeAhead"/> has made and no snapshot uses: it is garbage
    /// when this returns. Call it before a cleanup that must remove everything unused. The store makes more ahead for later
    /// snapshots.
    /// </summary>
    public Task GiveUpAheadAsync() => _ahead.GiveUpAsync();

    /// <summary>Changes the labels of a snapshot, by the rules of <see cref="SnapshotLabels.Update"/>.</summary>
    /// <param name="info">The snapshot's name, and the new labels.</param>
    /// <param name="fieldPaths">The labels to change, such as <c>labels.NAME</c>; empty for all.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <returns>The snapshot's new information.</returns>
    /// <exception cref="SnapshotterException">NotFound, or InvalidArgument if a path names something other than labels.</exception>
    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(fieldPaths);
        return _writes.RunAsync(writer => writer.Update(info, fieldPaths), cancellationToken);
    }

    /// <summary>
    /// Waits until all changes whose calls have returned are on disk, also those of an earlier process that was killed.
    /// Concurrent calls share one write to disk. Call it before you remove the content of removed snapshots.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="SnapshotterException">Unavailable: the disk fails.</exception>
    public Task SyncAsync(CancellationToken cancellationToken = default) => _writes.SyncAsync(cancellationToken);
}
