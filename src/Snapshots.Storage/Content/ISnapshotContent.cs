namespace Containerd.Snapshots.Storage;

/// <summary>
/// What the snapshots of a <see cref="StoredSnapshotter"/> contain: directories, images, volumes. Each snapshot's content has
/// the snapshot's number for a name, also after a commit. All members can be called concurrently for different numbers.
/// </summary>
public interface ISnapshotContent
{
    /// <summary>Returns what exists. Called at the start and by each cleanup.</summary>
    ContentListing List();

    /// <summary>
    /// Makes the content of a new snapshot: empty without a parent, otherwise with the parent's content. When it returns, the
    /// content must be durable: synced with the directories that name it. containerd holds a lock meanwhile, for which its
    /// garbage collection waits: do not wait for a network here. If it fails or is canceled, whatever it left is removed at
    /// once by <see cref="RemoveAsync"/>. An exception fails Prepare or View; an <see cref="IOException"/> for a full disk or
    /// quota reaches containerd as ResourceExhausted.
    /// </summary>
    /// <param name="snapshot">
    /// The snapshot. <see cref="StoredSnapshot.Parents"/> has the numbers of its parents, the nearest first. Its nearest parent
    /// cannot be removed meanwhile.
    /// </param>
    /// <param name="cancellationToken">Canceled when the call is.</param>
    ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the mounts by which containerd reaches the content: writable for an active snapshot, read-only for a view. It is
    /// never called for a committed snapshot. It must not wait for anything.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    IReadOnlyList<Mount> Mounts(StoredSnapshot snapshot);

    /// <summary>
    /// Finishes an active snapshot's content before its commit: for example, syncs it. containerd waits in a transaction that
    /// blocks its other changes, so this must be fast. By default, it does nothing.
    /// </summary>
    /// <param name="snapshot">The active snapshot.</param>
    /// <param name="cancellationToken">Canceled when the call is.</param>
    ValueTask SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Measures the content of a snapshot, without that of its parents: an active one, or a layer that
    /// <see cref="StoredSnapshotter.CommitRemoteAsync"/> has made.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Canceled when the call is.</param>
    ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the content with a number that no snapshot has. It may be half made, half removed, or not exist, which is not an
    /// error. Content of removed snapshots is removed in the background, one number at a time, on a thread of low priority;
    /// content whose making failed by the call that failed.
    /// </summary>
    /// <param name="number">The number. It is not removed twice at the same time.</param>
    /// <param name="cancellationToken">
    /// Canceled when the snapshotter stops during a removal in the background; the next start removes the rest.
    /// </param>
    /// <returns>
    /// The freed space and what could not be removed, for the log; null if everything was removed and the space is not known.
    /// What is left, the next cleanup removes.
    /// </returns>
    ValueTask<RemovalReport?> RemoveAsync(long number, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a stored snapshot's content is lost or damaged although <see cref="List"/> has its number. Called at the start
    /// for each snapshot; the lost ones are logged. By default, false.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    bool IsLost(StoredSnapshot snapshot) => false;

    /// <summary>
    /// Makes the content of later snapshots ahead, as <see cref="SnapshotStoreOptions.MakeAhead"/> says; null (the default) to
    /// make nothing ahead.
    /// </summary>
    Func<IReadOnlyList<long>, Task>? MakeAhead => null;
}
