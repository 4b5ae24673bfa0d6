namespace Containerd.Snapshots.Storage;

/// <content>The changes.</content>
public sealed partial class SnapshotStore
{
    /// <summary>Creates an active snapshot or a view.</summary>
    /// <param name="kind">Active or View.</param>
    /// <param name="key">Its key.</param>
    /// <param name="parent">The name of its parent, which has to be committed; empty for none.</param>
    /// <param name="labels">Its labels; those with an empty value are not stored.</param>
    /// <param name="make">
    /// Makes whatever the snapshot has under its number, and makes it survive a power cut. It runs after the rules were
    /// checked and before the snapshot is stored, so that nobody ever sees a snapshot without it. What it has made is garbage
    /// if the call then fails, unless with Unavailable: the snapshot may be found stored when the store is opened again, and
    /// its number counts as one in use until then.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SnapshotterException">
    /// In this order: NotFound, the parent; InvalidArgument, the parent is not committed, or the key is empty; AlreadyExists.
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

        var planned = Plan();
        var number = await _ahead.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            planned = planned with { Number = number };
            await make(planned, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _numbers.GiveBack(number);
            if (exception is not OperationCanceledException)
                Plan(); // If the parent was removed meanwhile, that is what is wrong.

            throw;
        }

        var created = await StoreAsync(planned, cancellationToken).ConfigureAwait(false);
        _ahead.Refill();
        return created;

        StoredSnapshot Plan() =>
            _readers.Read((kind, key, parent, labels), static (reader, call) => reader.PlanCreate(call.kind, call.key, call.parent, call.labels));
    }

    /// <summary>Makes an active snapshot a committed one. It keeps its number.</summary>
    /// <param name="name">The name of the committed snapshot.</param>
    /// <param name="key">The key of the active one, which is free afterwards.</param>
    /// <param name="parent">
    /// The parent that the committed one has to have: where the active one has none, it gets this one (containerd 2.3 and
    /// newer, with the capability <c>rebase</c>). Empty: the active one's.
    /// </param>
    /// <param name="labels">They replace those of the active one; those with an empty value are not stored.</param>
    /// <param name="measure">Measures what the snapshot uses, and may make it survive a power cut, before the change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SnapshotterException">
    /// In this order: NotFound, the key; InvalidArgument, the name is empty; AlreadyExists, the name; FailedPrecondition, not
    /// active; InvalidArgument, the active one has another parent; NotFound and FailedPrecondition, the parent given is not
    /// there or not committed.
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
            Plan(); // If the snapshot was removed meanwhile, that is what is wrong.
            throw;
        }

        return await _writes.RunAsync(writer => writer.Commit(active, name, parent, labels, usage), cancellationToken).ConfigureAwait(false);

        StoredSnapshot Plan() => _readers.Read((name, key, parent), static (reader, call) => reader.PlanCommit(call.name, call.key, call.parent));
    }

    /// <summary>Removes a snapshot of any kind; its key or name is free at once.</summary>
    /// <returns>What was removed. Whatever it has on disk is garbage now.</returns>
    /// <exception cref="SnapshotterException">NotFound; FailedPrecondition: it has children.</exception>
    public Task<StoredSnapshot> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _writes.RunAsync(writer => writer.Remove(key), cancellationToken);
    }

    /// <summary>
    /// Gives up the numbers that <see cref="SnapshotStoreOptions.MakeAhead"/> was called for and no snapshot has got: what is
    /// under them is garbage when this returns. For a cleanup that leaves nothing; later snapshots have more made ahead.
    /// </summary>
    public Task GiveUpAheadAsync() => _ahead.GiveUpAsync();

    /// <summary>Changes the labels of a snapshot, by the rules of <see cref="SnapshotLabels.Update"/>.</summary>
    /// <param name="info">The snapshot's name, and the labels.</param>
    /// <param name="fieldPaths">Which labels; empty for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What containerd knows of it now.</returns>
    /// <exception cref="SnapshotterException">NotFound; InvalidArgument: a path is not about labels.</exception>
    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(fieldPaths);
        return _writes.RunAsync(writer => writer.Update(info, fieldPaths), cancellationToken);
    }

    // Where the disk fails, nobody knows: the snapshot may be found stored later, and then needs what was made for it.
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
