using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Overlay;

/// <summary>
/// The overlay snapshotter for production. ROOT/metadata.db has the information about each snapshot, ROOT/snapshots/NUMBER
/// its files. A snapshot's directory is on disk before the snapshot is stored, and the snapshot is stored before containerd
/// gets the answer. The directory of a snapshot that is not stored is garbage, which a sweeper removes in the background. So
/// an answered call survives a crash or a power cut at any moment.
/// </summary>
[Snapshotter]
public sealed partial class OverlaySnapshotter : IAsyncDisposable
{
    private readonly OverlayDirectories _directories;
    private readonly SnapshotStore _store;
    private readonly OverlayMounts _mounts;
    private readonly DirectorySweeper _sweeper;
    private readonly OverlayGauges _gauges;
    private readonly bool _syncLayers;
    private readonly ILogger _logger;

    public OverlaySnapshotter(string root, OverlaySnapshotterOptions options, ILogger logger)
    {
        _logger = logger;
        _syncLayers = options.SyncLayers;
        _directories = OverlayDirectories.Open(root);
        _mounts = new(_directories, OverlayFeatures.Detect(root), options.Mounts);

        var onDisk = _directories.List().Numbers;
        var database = Path.Combine(root, "metadata.db");
        ThrowIfStoreIsMissing(onDisk, database);
        _store = SnapshotStore.Open(database, new()
        {
            LastNumber = onDisk.DefaultIfEmpty().Max(),
            MakeAhead = _directories.MakeAheadAsync,
        });
        _sweeper = new(_directories, _store.IsInUse, logger);
        _gauges = new(_directories, _store);

        ReportLost([.. onDisk]);
        _ = SweepLeftoversAsync();
    }

    // Null means "not found".
    public SnapshotInfo? Stat(string key) => _store.Stat(key);

    // containerd changes labels only. Some of them mark what its garbage collection must keep.
    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken) =>
        _store.UpdateAsync(info, fieldPaths, cancellationToken);

    // A committed snapshot was measured at its commit. Other snapshots change, so they are measured now.
    public SnapshotUsage? Usage(string key, CancellationToken cancellationToken) =>
        _store.Find(key) is { } snapshot ? snapshot.Usage ?? _directories.Measure(snapshot.Number, cancellationToken) : null;

    public IReadOnlyList<Mount>? Mounts(string key) => _store.Find(key) is { } snapshot ? MountsOf(snapshot) : null;

    // A writable snapshot: containerd unpacks a layer into it, or runs a container on it.
    public Task<IReadOnlyList<Mount>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(SnapshotKind.Active, key, parent, labels, cancellationToken);

    // A read-only snapshot, which cannot be committed.
    public Task<IReadOnlyList<Mount>> ViewAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(SnapshotKind.View, key, parent, labels, cancellationToken);

    // From then on the snapshot is immutable, and can be a parent. containerd waits in a transaction that blocks its other
    // changes, so this must be fast: the slow part, measuring, uses as few system calls as possible.
    public Task CommitAsync(
        string name, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _store.CommitAsync(name, key, parent, labels, FinishLayerAsync, cancellationToken);

    // The snapshot is gone at once, and its key can be used again. The sweeper frees the disk.
    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var removed = await _store.RemoveAsync(key, cancellationToken);
        _sweeper.Enqueue(removed.Number);
    }

    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => _store.Walk(filter);

    // containerd calls this after each garbage collection. It removes all directories that are not in use.
    public async Task CleanupAsync(CancellationToken cancellationToken)
    {
        await _store.GiveUpAheadAsync();
        await _sweeper.CleanupAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _gauges.Dispose();
        await _sweeper.DisposeAsync();
        _store.Dispose();
        _directories.Dispose();
    }

    private async Task<IReadOnlyList<Mount>> CreateAsync(
        SnapshotKind kind, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        long? made = null;
        try
        {
            return MountsOf(await _store.CreateAsync(kind, key, parent, labels, MakeAsync, cancellationToken));
        }
        catch when (made is not null)
        {
            _sweeper.Enqueue(made.Value); // The directory exists, the snapshot does not.
            throw;
        }

        async ValueTask MakeAsync(StoredSnapshot planned, CancellationToken token)
        {
            await _directories.MakeAsync(planned.Number, planned.Parents, planned.Info.Labels, token);
            made = planned.Number;
        }
    }

    private async ValueTask<SnapshotUsage> FinishLayerAsync(StoredSnapshot active, CancellationToken cancellationToken)
    {
        if (_syncLayers)
            await _directories.SyncLayersAsync(cancellationToken);

        return _directories.Measure(active.Number, cancellationToken);
    }

    private IReadOnlyList<Mount> MountsOf(StoredSnapshot snapshot) =>
        _mounts.Of(snapshot.Info.Kind, snapshot.Number, snapshot.Parents, snapshot.Info.Labels);

    // The sweeper removes directories that are not in the store. With a new store it would remove all of them, even those of
    // running containers.
    private void ThrowIfStoreIsMissing(IReadOnlyList<long> onDisk, string database)
    {
        if (onDisk.Count > 0 && !File.Exists(database))
        {
            throw SnapshotterException.FailedPrecondition(
                $"\"{database}\" is missing, but there are {onDisk.Count} directories of snapshots: put it back, or a backup of it; or remove all "
                + $"containers and images that use them from containerd, then remove \"{_directories.Root}\", and start again");
        }
    }

    // A snapshot without its directory is logged, and does not stop the others.
    private void ReportLost(HashSet<long> onDisk)
    {
        var stored = _store.NumbersInUse();
        OverlayLog.Found(_logger, stored.Count, _directories.Root);
        foreach (var number in stored.Where(number => !onDisk.Contains(number)))
        {
            if (_store.Find(number) is { } lost)
                OverlayLog.Lost(_logger, lost.Info.Kind, lost.Info.Name, _directories.ContentPath(number));
        }
    }

    private async Task SweepLeftoversAsync()
    {
        try
        {
            var report = await _sweeper.CleanupAsync(CancellationToken.None);
            if (report.Removed > 0)
                OverlayLog.Swept(_logger, report.Removed, report.Freed.Size, report.Freed.Inodes);
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
        catch (Exception exception)
        {
            OverlayLog.CannotSweep(_logger, exception);
        }
    }
}
