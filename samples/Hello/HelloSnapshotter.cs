using System.Collections.Concurrent;
using System.IO.Enumeration;
using Containerd.Snapshots;

namespace Samples.Hello;

/// <summary>
/// A small snapshotter that runs real containers, with overlay mounts. It is for learning: it keeps its state in memory, and
/// loses it when it stops. A snapshotter for production keeps its state in a store.
/// Each snapshot has a directory with <c>fs</c>, for its own files, and <c>work</c>, for the kernel.
/// Each public method is a call from containerd. Calls run concurrently; the lock guards the dictionary, not the disk.
/// </summary>
[Snapshotter]
public sealed partial class HelloSnapshotter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Snapshot> _snapshots = [];
    private readonly ConcurrentQueue<string> _removedDirectories = [];
    private readonly string _directory;
    private long _lastNumber;

    public HelloSnapshotter(string root)
    {
        _directory = Path.Combine(root, "hello-snapshots");
        if (Directory.Exists(_directory)) // Left by an earlier run, whose state is lost.
            Directory.Delete(_directory, recursive: true);
    }

    // Null from a method that may return it means "not found".
    public SnapshotInfo? Stat(string key)
    {
        lock (_lock)
            return _snapshots.GetValueOrDefault(key)?.Info;
    }

    // Prepare makes a writable snapshot, with or without a committed parent. containerd unpacks a layer into it, or runs a
    // container on it. containerd mounts the returned mounts; a snapshotter mounts nothing itself.
    public IReadOnlyList<Mount> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) =>
        Create(key, parent, SnapshotKind.Active, labels);

    // A view is a read-only snapshot, which cannot be committed.
    public IReadOnlyList<Mount> View(string key, string parent, IReadOnlyDictionary<string, string> labels) =>
        Create(key, parent, SnapshotKind.View, labels);

    // The mounts of a snapshot that Prepare or View has made.
    public IReadOnlyList<Mount>? Mounts(string key)
    {
        lock (_lock)
            return _snapshots.TryGetValue(key, out var snapshot) ? MountsOf(snapshot) : null;
    }

    // Commit gives an active snapshot its final name. From then on it is immutable, and can be a parent.
    public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels)
    {
        var usage = Measure(Find(key)); // Outside the lock, since a layer can have many files.

        lock (_lock)
        {
            var active = Find(key);
            if (_snapshots.ContainsKey(name))
                throw SnapshotterException.AlreadyExists(name);
            if (active.Info.Kind != SnapshotKind.Active)
                throw SnapshotterException.FailedPrecondition($"snapshot \"{key}\" is {active.Info.Kind}, not active");
            if (parent.Length > 0 && parent != active.Info.Parent)
                throw SnapshotterException.InvalidArgument($"snapshot \"{key}\" has the parent \"{active.Info.Parent}\", not \"{parent}\"");

            _snapshots.Remove(key);
            _snapshots.Add(name, new(active.Directory, NewInfo(name, SnapshotKind.Committed, active.Info.Parent, labels), usage));
        }
    }

    // The snapshot is gone at once, and its key can be used again. Cleanup frees the disk space.
    public void Remove(string key)
    {
        lock (_lock)
        {
            var snapshot = Find(key);
            if (_snapshots.Values.Any(other => other.Info.Parent == key))
                throw SnapshotterException.FailedPrecondition($"cannot remove snapshot \"{key}\", which has children");
            _snapshots.Remove(key);
            _removedDirectories.Enqueue(snapshot.Directory);
        }
    }

    // containerd calls Cleanup after each garbage collection.
    public void Cleanup()
    {
        while (_removedDirectories.TryDequeue(out var directory))
            Directory.Delete(directory, recursive: true);
    }

    // All snapshots. The runtime applies containerd's filter, since this method has no parameter for it.
    public IEnumerable<SnapshotInfo> Walk()
    {
        lock (_lock)
            return [.. _snapshots.Values.Select(snapshot => snapshot.Info)];
    }

    // Only labels can change. SnapshotLabels has containerd's rules for that.
    public SnapshotInfo Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths)
    {
        lock (_lock)
        {
            var snapshot = Find(info.Name);
            var labels = SnapshotLabels.Update(snapshot.Info.Labels, info, fieldPaths);
            _snapshots[info.Name] = snapshot with { Info = snapshot.Info with { Labels = labels, UpdatedAt = DateTimeOffset.UtcNow } };
            return _snapshots[info.Name].Info;
        }
    }

    public SnapshotUsage Usage(string key)
    {
        var snapshot = Find(key);
        return snapshot.Usage ?? Measure(snapshot);
    }

    private IReadOnlyList<Mount> Create(string key, string parent, SnapshotKind kind, IReadOnlyDictionary<string, string> labels)
    {
        var directory = Path.Combine(_directory, Interlocked.Increment(ref _lastNumber).ToString());
        var snapshot = new Snapshot(directory, NewInfo(key, kind, parent, labels));

        // The directories first: other calls find the snapshot only with its directories.
        Directory.CreateDirectory(snapshot.Changes).UnixFileMode = (UnixFileMode)0b111_101_101;
        Directory.CreateDirectory(snapshot.Work).UnixFileMode = (UnixFileMode)0b111_001_001;

        try
        {
            lock (_lock)
            {
                if (parent.Length > 0 && Find(parent).Info.Kind != SnapshotKind.Committed)
                    throw SnapshotterException.InvalidArgument($"parent \"{parent}\" is not committed");
                if (!_snapshots.TryAdd(key, snapshot))
                    throw SnapshotterException.AlreadyExists(key);

                return MountsOf(snapshot);
            }
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    private static SnapshotInfo NewInfo(string name, SnapshotKind kind, string parent, IReadOnlyDictionary<string, string> labels)
    {
        var now = DateTimeOffset.UtcNow; // Commit sets both times again.
        return new() { Name = name, Kind = kind, Parent = parent, Labels = SnapshotLabels.ToStore(labels), CreatedAt = now, UpdatedAt = now };
    }

    // A bind mount for one directory, an overlay mount for several.
    private List<Mount> MountsOf(Snapshot snapshot)
    {
        var parents = ParentsOf(snapshot).Select(parent => parent.Changes).ToList(); // The nearest first.

        return snapshot.Info.Kind switch
        {
            SnapshotKind.Committed => throw SnapshotterException.FailedPrecondition($"snapshot \"{snapshot.Info.Name}\" is committed: it has no mounts"),
            SnapshotKind.View when parents.Count == 0 => [Mount.ReadOnlyBind(snapshot.Changes)],
            SnapshotKind.View when parents.Count == 1 => [Mount.ReadOnlyBind(parents[0])],
            SnapshotKind.View => [Mount.ReadOnlyOverlay(parents, "index=off")],
            _ when parents.Count == 0 => [Mount.Bind(snapshot.Changes)],
            _ => [Mount.Overlay(snapshot.Changes, snapshot.Work, parents, "index=off")],
        };
    }

    private IEnumerable<Snapshot> ParentsOf(Snapshot snapshot)
    {
        for (var name = snapshot.Info.Parent; name.Length > 0; name = _snapshots[name].Info.Parent)
            yield return _snapshots[name];
    }

    private Snapshot Find(string key)
    {
        lock (_lock)
            return _snapshots.GetValueOrDefault(key) ?? throw SnapshotterException.NotFound(key);
    }

    // The files' lengths; a snapshotter for production measures allocated blocks. Links are not followed: they can lead anywhere.
    private static SnapshotUsage Measure(Snapshot snapshot)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        try
        {
            return new FileSystemEnumerable<long>(snapshot.Changes, SizeOf, everything) { ShouldRecursePredicate = IsNoLink }
                .Aggregate(new SnapshotUsage(0, 1), (usage, size) => new(usage.Size + size, usage.Inodes + 1));
        }
        catch (DirectoryNotFoundException) when (!Directory.Exists(snapshot.Changes))
        {
            throw SnapshotterException.NotFound(snapshot.Info.Name); // Removed and cleaned up meanwhile.
        }

        static long SizeOf(ref FileSystemEntry entry) => IsNoLink(ref entry) && !entry.IsDirectory ? entry.Length : 0;
        static bool IsNoLink(ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
    }

    private sealed record Snapshot(string Directory, SnapshotInfo Info, SnapshotUsage? Usage = null)
    {
        public string Changes => Path.Combine(Directory, "fs");
        public string Work => Path.Combine(Directory, "work");
    }
}
