namespace Containerd.Snapshots.Storage;

/// <content>Layers that come from elsewhere.</content>
public sealed partial class StoredSnapshotter
{
    /// <summary>
    /// Supplies a layer that containerd asks for with the label <see cref="SnapshotLabels.SnapshotRef"/>: makes its content and
    /// stores it as a committed snapshot with that label's value for its name, in one change. Prepare then answers
    /// AlreadyExists, and containerd neither downloads nor unpacks the layer. No active snapshot is created. If the snapshot
    /// exists already, from another call or another containerd namespace, nothing is made.
    /// </summary>
    /// <param name="key">The key of the Prepare call.</param>
    /// <param name="parent">The name of the parent; empty for none.</param>
    /// <param name="labels">The labels of the Prepare call, which the snapshot gets.</param>
    /// <param name="make">
    /// Makes the content of the layer under the snapshot's number, durably. containerd holds a lock meanwhile, for which its
    /// garbage collection waits, and other Prepare calls for the same layer wait, too: do not wait for a network here. What it
    /// left is removed if it fails, and its exception fails the call: catch what should let containerd unpack the layer
    /// instead, before you call this.
    /// </param>
    /// <param name="cancellationToken">Cancels the call before the snapshot is stored.</param>
    /// <returns>
    /// True if the layer is there: answer AlreadyExists. False if it was not asked for in this way, if the key is in use, or if
    /// the name belongs to a snapshot with another parent: continue with <see cref="PrepareAsync"/>.
    /// </returns>
    /// <exception cref="SnapshotterException">NotFound (the parent), or InvalidArgument (the parent is not committed).</exception>
    public async Task<bool> CommitRemoteAsync(
        string key,
        string parent,
        IReadOnlyDictionary<string, string> labels,
        Func<StoredSnapshot, CancellationToken, ValueTask> make,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(make);

        // A key in use is an error of the caller, which Prepare reports.
        if (!labels.TryGetValue(SnapshotLabels.SnapshotRef, out var name) || name.Length == 0 || Store.Stat(key) is not null)
            return false;

        if (Store.Stat(name) is { } existing)
            return IsLayer(existing, name, parent);

        var making = new ContentInTheMaking(this, make);
        try
        {
            await Store.CreateCommittedAsync(name, parent, labels, MakeAsync, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            making.RemoveRest();
            if (exception is SnapshotterException { Error: SnapshotterError.AlreadyExists } && Store.Stat(name) is { } other)
                return IsLayer(other, name, parent);

            throw;
        }

        async ValueTask<SnapshotUsage> MakeAsync(StoredSnapshot planned, CancellationToken token)
        {
            await making.MakeAsync(planned, token).ConfigureAwait(false);
            return await _content.MeasureAsync(planned, token).ConfigureAwait(false);
        }
    }

    // containerd looks for the snapshot by this label and the parent.
    private static bool IsLayer(SnapshotInfo info, string name, string parent) =>
        info.Kind == SnapshotKind.Committed
        && info.Parent == parent
        && info.Labels.TryGetValue(SnapshotLabels.SnapshotRef, out var target)
        && target == name;
}
