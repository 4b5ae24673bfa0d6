namespace Containerd.Snapshots.Storage;

/// <content>The calls that create snapshots.</content>
public sealed partial class SnapshotStore
{
    /// <summary>Creates an active snapshot or a view.</summary>
    /// <param name="kind">Active or View.</param>
    /// <param name="key">The snapshot's key. While another call makes a snapshot of that key, this one waits.</param>
    /// <param name="parent">
    /// The name of the parent, a committed snapshot; empty for none. It cannot be removed during the call.
    /// </param>
    /// <param name="labels">The snapshot's labels; labels with an empty value are not stored.</param>
    /// <param name="make">
    /// Makes the snapshot's content, which its number names, and makes it survive a power cut. It runs after the rules were
    /// checked and before the snapshot is stored, so every stored snapshot has its content. If the call then fails, the
    /// content is garbage, except after Unavailable: the snapshot may turn out to be stored, and its number stays in use until
    /// the next change is stored, or the store is opened again.
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
    /// <param name="name">The snapshot's name. While another call makes a snapshot of that name, this one waits.</param>
    /// <param name="parent">
    /// The name of the parent, a committed snapshot; empty for none. It cannot be removed during the call.
    /// </param>
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

    private async Task<StoredSnapshot> MakeAndStoreAsync(
        SnapshotKind kind,
        string key,
        string parent,
        IReadOnlyDictionary<string, string> labels,
        Func<CancellationToken, ValueTask<long>> take,
        Func<StoredSnapshot, CancellationToken, ValueTask<StoredSnapshot>> make,
        CancellationToken cancellationToken)
    {
        await _names.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        try
        {
            var planned = await PlanAsync(kind, key, parent, labels, cancellationToken).ConfigureAwait(false);
            try
            {
                var number = await take(cancellationToken).ConfigureAwait(false);
                return await MakeAndStoreAsync(planned with { Number = number }, make, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (planned.Parents.Count > 0)
                    _pins.Unpin(planned.Parents[0]);
            }
        }
        finally
        {
            _names.Release(key);
        }
    }

    // Checks the rules, and pins the parent, which in turn keeps its own parents.
    private async ValueTask<StoredSnapshot> PlanAsync(
        SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ended = _pins.Ended;
            var planned = _readers.Read((kind, key, parent, labels), static (reader, call) => reader.PlanCreate(call.kind, call.key, call.parent, call.labels));
            if (planned.Parents.Count == 0)
                return planned;

            var below = planned.Parents[0];
            if (!_pins.TryPin(below))
                await _writes.RunAsync(static _ => 0, cancellationToken).ConfigureAwait(false); // Runs after the removal.
            else if (_pins.Ended == ended || IsStored(below))
                return planned;
        }
    }

    // Whether a snapshot that was just pinned was not removed before.
    private bool IsStored(long pinned)
    {
        var isStored = false;
        try
        {
            return isStored = _readers.Read(pinned, static (reader, number) => reader.Exists(number));
        }
        finally
        {
            if (!isStored)
                _pins.Unpin(pinned);
        }
    }

    private async Task<StoredSnapshot> MakeAndStoreAsync(
        StoredSnapshot planned, Func<StoredSnapshot, CancellationToken, ValueTask<StoredSnapshot>> make, CancellationToken cancellationToken)
    {
        StoredSnapshot made;
        try
        {
            made = await make(planned, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _numbers.GiveBack(planned.Number);
            throw;
        }

        return await StoreAsync(made, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StoredSnapshot> StoreAsync(StoredSnapshot made, CancellationToken cancellationToken)
    {
        try
        {
            var created = await _writes.RunAsync(writer => writer.Create(made), cancellationToken).ConfigureAwait(false);
            _numbers.GiveBack(made.Number);
            return created;
        }
        catch (SnapshotterException exception) when (exception.Error == SnapshotterError.Unavailable)
        {
            _numbers.Doubt(made.Number); // It may be stored, and then needs its content.
            throw;
        }
        catch
        {
            _numbers.GiveBack(made.Number);
            throw;
        }
    }
}
