using Containerd.Snapshots;

namespace MyNamespace;

/// <summary>
/// A simple snapshotter: each snapshot is a full copy of its parent, with a bind mount. It works on every file system, and
/// needs disk space for a copy for each layer of an image and for each container.
/// Each public method is a call from containerd. Calls run concurrently: changes take the lock <c>_changes</c>, reads never
/// wait.
/// </summary>
[Snapshotter]
internal sealed partial class MySnapshotter(string root)
{
    private readonly Lock _changes = new();
    private readonly SnapshotStore _store = new(root);

    // Null from a method that may return it means "not found".
    public SnapshotInfo? Stat(string key) => _store.Find(key)?.Info;

    // Prepare makes a writable snapshot, with or without a committed parent. containerd unpacks a layer into it, or runs a
    // container on it. containerd mounts the returned mount; a snapshotter mounts nothing itself.
    public Task<Mount> PrepareAsync(string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(NewInfo(key, SnapshotKind.Active, parent, labels), cancellationToken);

    // A view is a read-only snapshot, which cannot be committed.
    public Task<Mount> ViewAsync(string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(NewInfo(key, SnapshotKind.View, parent, labels), cancellationToken);

    // The mount of a snapshot that Prepare or View has made.
    public Mount? Mounts(string key) => _store.Find(key) is { } snapshot ? MountOf(snapshot) : null;

    // Commit gives an active snapshot its final name. From then on it is immutable, and can be a parent.
    public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels)
    {
        var usage = FileTree.Measure(Get(key).Files); // Outside the lock, since a layer can have many files.

        lock (_changes)
        {
            var active = Get(key);
            if (_store.Find(name) is not null)
                throw SnapshotterException.AlreadyExists(name);
            if (active.Info.Kind != SnapshotKind.Active)
                throw SnapshotterException.FailedPrecondition($"snapshot \"{key}\" is {active.Info.Kind}, not active");
            if (parent.Length > 0 && parent != active.Info.Parent)
                throw SnapshotterException.InvalidArgument($"snapshot \"{key}\" has the parent \"{active.Info.Parent}\", not \"{parent}\"");

            _store.Replace(active, new(active.Directory, NewInfo(name, SnapshotKind.Committed, active.Info.Parent, labels), usage));
        }
    }

    // The snapshot is gone at once, and its key can be used again. Cleanup frees the disk space.
    public void Remove(string key)
    {
        lock (_changes)
        {
            var snapshot = Get(key);
            if (_store.All.Any(other => other.Info.Parent == key))
                throw SnapshotterException.FailedPrecondition($"cannot remove snapshot \"{key}\", which has children");

            _store.Remove(snapshot);
        }
    }

    // containerd calls Cleanup after each garbage collection.
    public void Cleanup() => _store.DeleteRemoved();

    // All snapshots. The runtime applies containerd's filter, since this method has no parameter for it.
    public IEnumerable<SnapshotInfo> Walk() => _store.All.Select(snapshot => snapshot.Info);

    // Only labels can change. SnapshotLabels has containerd's rules for that.
    public SnapshotInfo Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths)
    {
        lock (_changes)
        {
            var snapshot = Get(info.Name);
            var labels = SnapshotLabels.Update(snapshot.Info.Labels, info, fieldPaths);
            var updated = snapshot.Info with { Labels = labels, UpdatedAt = DateTimeOffset.UtcNow };
            _store.Replace(snapshot, snapshot with { Info = updated });
            return updated;
        }
    }

    public SnapshotUsage Usage(string key)
    {
        var snapshot = Get(key);
        return snapshot.Usage ?? FileTree.Measure(snapshot.Files);
    }

    private async Task<Mount> CreateAsync(SnapshotInfo info, CancellationToken cancellationToken)
    {
        Check(info);
        var directory = _store.MakeDirectory();
        try
        {
            // A view uses its parent's files.
            if (info.Kind == SnapshotKind.Active && info.Parent.Length > 0)
                await FileTree.CopyAsync(Get(info.Parent).Files, Snapshot.FilesIn(directory), cancellationToken).ConfigureAwait(false);
            else
                FileTree.Create(Snapshot.FilesIn(directory));

            lock (_changes)
            {
                Check(info); // Again, since a copy takes long.
                return MountOf(_store.Add(directory, info));
            }
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    private void Check(SnapshotInfo info)
    {
        if (info.Parent.Length > 0 && Get(info.Parent).Info.Kind != SnapshotKind.Committed)
            throw SnapshotterException.InvalidArgument($"parent \"{info.Parent}\" is not committed");
        if (_store.Find(info.Name) is not null)
            throw SnapshotterException.AlreadyExists(info.Name);
    }

    private Snapshot Get(string key) => _store.Find(key) ?? throw SnapshotterException.NotFound(key);

    private Mount MountOf(Snapshot snapshot) => snapshot.Info.Kind switch
    {
        SnapshotKind.Active => Mount.Bind(snapshot.Files),
        SnapshotKind.View when snapshot.Info.Parent.Length > 0 => Mount.ReadOnlyBind(Get(snapshot.Info.Parent).Files),
        SnapshotKind.View => Mount.ReadOnlyBind(snapshot.Files),
        _ => throw SnapshotterException.FailedPrecondition($"snapshot \"{snapshot.Info.Name}\" is committed: it has no mounts"),
    };

    private static SnapshotInfo NewInfo(string name, SnapshotKind kind, string parent, IReadOnlyDictionary<string, string> labels)
    {
        var now = DateTimeOffset.UtcNow; // Commit sets both times again.
        return new() { Name = name, Kind = kind, Parent = parent, Labels = SnapshotLabels.ToStore(labels), CreatedAt = now, UpdatedAt = now };
    }
}
