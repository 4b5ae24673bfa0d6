namespace Containerd.Snapshots.Storage;

/// <content>The calls that change snapshots.</content>
public sealed partial class SnapshotStore
{
    /// <summary>Creates an active snapshot or a view.</summary>
    /// <param name="kind">Active or View.</param>
    /// <param name="key">The snapshot's key.</param>
    /// <param name="parent">The name of the parent, a committed snapshot; empty for none.</param>
    /// <param name="labels">The snapshot's labels; labels with an empty value are not stored.</param>
    /// <param name="make">
    /// Makes the snapshot's content, which its number names, and makes it survive a power cut. It runs after the rules were
    /// checked and before the snapshot is stored, so every stored snapshot has its content. If the call then fails, the
    /// content is garbage, except after Unavailable: the snapshot may turn out to be stored when the store is opened again,
    /// and its number stays in use until then.
    /// </param>
    /// <param name="cancellationToken">Cancels the call before the snapshot is stored.</param>
    /// <returns>The snapshot.</returns>
    /// <exception cref="SnapshotterException">
    /// Checked in this order: NotFound (the parent), InvalidArgument (the parent is not committed, or the key is empty),
    /// AlreadyExists (the key).
    /// </exception>
    public async Task<StoredSnapshot> CreateAsync(
        SnapshotKind kind,
        string key,
        string parent,
        IReadOnlyDictionary<string, string> labels,
        Func<StoredSnapshot, CancellationToken, ValueTask> make,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(make);
        if (kind is not (SnapshotKind.Active or SnapshotKind.View))
            throw new ArgumentException($"A snapshot is created active or as a view, not {kind}.", nameof(kind));

        var created = await MakeAndStoreAsync(kind, key, parent, labels, _ahead.TakeAsync, MakeAsync, cancellationToken).ConfigureAwait(false);
        _ahead.Refill();
        return created;

        async ValueTask<StoredSnapshot> MakeAsync(StoredSnapshot planned, CancellationToken token)
        {
            await make(planned, token).ConfigureAwait(false);
            return planned;
        }
    }

    /// <summary>Creates a committed snapshot, such as a layer that comes from elsewhere, in one change.</summary>
    /// <param name="name">The snapshot's name.</param>
    /// <param name="parent">The name of the parent, a committed snapshot; empty for none.</param>
    /// <param name="labels">The snapshot's labels; labels with an empty value are not stored.</param>
    /// <param name="make">
    /// Makes the snapshot's content, as in <see cref="CreateAsync"/>, and returns its usage, which is stored. The number is
    /// never one whose content was made ahead.
    /// </param>
    /// <param name="cancellationToken">Cancels the call before the snapshot is stored.</param>
    /// <returns>The snapshot.</returns>
    /// <exception cref="SnapshotterException">
    /// Checked in this order: NotFound (the parent), InvalidArgument (the parent is not committed, or the name is empty),
    /// AlreadyExists (the name).
    /// </exception>
    public Task<StoredSnapshot> CreateCommittedAsync(
        string name,
        string parent,
        IReadOnlyDictionary<string, string> labels,
        Func<StoredSnapshot, CancellationToken, ValueTask<SnapshotUsage>> make,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(make);
        return MakeAndStoreAsync(SnapshotKind.Committed, name, parent, labels, _numbers.TakeAsync, MakeAsync, cancellationToken);

        async ValueTask<StoredSnapshot> MakeAsync(StoredSnapshot planned, CancellationToken token) =>
            planned with { Usage = await make(planned, token).ConfigureAwait(false) };
    }

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
        SnapshotUsage usage;
        try
        {
            usage = await measure(active, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Plan(); // If the snapshot was removed meanwhile, this throws the real cause.
            throw;
        }

        return await _writes.RunAsync(writer => writer.Commit(active, name, parent, labels, usage), cancellationToken).ConfigureAwait(false);

        StoredSnapshot Plan() => _readers.Read((name, key, parent), static (reader, call) => reader.PlanCommit(call.name, call.key, call.parent));
    }

    /// <summary>Removes a snapshot of any kind. Its key or name can be used again at once.</summary>
    /// <param name="key">The key of an active snapshot or view, or the name of a committed snapshot.</param>
    /// <param name="cancellationToken">Cancels the call before the change starts.</param>
    /// <returns>The removed snapshot, whose content is garbage now.</returns>
    /// <exception cref="SnapshotterException">NotFound, or FailedPrecondition if the snapshot has children.</exception>
    public Task<StoredSnapshot> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _writes.RunAsync(writer => writer.Remove(key), cancellationToken);
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
    /// Waits until all changes whose calls have returned are on disk. Concurrent calls share one write to disk.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="SnapshotterException">Unavailable: the disk fails.</exception>
    public Task SyncAsync(CancellationToken cancellationToken = default) => _writes.RunAsync(static writer => writer.Touch(), cancellationToken);

    private async Task<StoredSnapshot> MakeAndStoreAsync(
        SnapshotKind kind,
        string key,
        string parent,
        IReadOnlyDictionary<string, string> labels,
        Func<CancellationToken, ValueTask<long>> take,
        Func<StoredSnapshot, CancellationToken, ValueTask<StoredSnapshot>> make,
        CancellationToken cancellationToken)
    {
        var planned = Plan();
        var number = await take(cancellationToken).ConfigureAwait(false);
        try
        {
            planned = await make(planned with { Number = number }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _numbers.GiveBack(number);
            if (exception is not OperationCanceledException)
                Plan(); // If the parent was removed meanwhile, this throws the real cause.

            throw;
        }

        return await StoreAsync(planned, cancellationToken).ConfigureAwait(false);

        StoredSnapshot Plan() =>
            _readers.Read((kind, key, parent, labels), static (reader, call) => reader.PlanCreate(call.kind, call.key, call.parent, call.labels));
    }

    // If the disk fails, the snapshot may turn out to be stored later, and then needs its content.
    private async Task<StoredSnapshot> StoreAsync(StoredSnapshot planned, CancellationToken cancellationToken)
    {
        try
        {
            var created = await _writes.RunAsync(writer => writer.Create(planned), cancellationToken).ConfigureAwait(false);
            _numbers.GiveBack(planned.Number);
            return created;
        }
        catch (Exception exception) when (exception is not SnapshotterException { Error: SnapshotterError.Unavailable })
        {
            _numbers.GiveBack(planned.Number);
            throw;
        }
    }
}
