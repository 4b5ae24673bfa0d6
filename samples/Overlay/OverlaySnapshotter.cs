using Containerd.Snapshots;
using Containerd.Snapshots.Overlay;
using Containerd.Snapshots.Storage;
using Microsoft.Extensions.Logging;

namespace Samples.Overlay;

/// <summary>
/// The overlay snapshotter for production. ROOT/metadata.db has what is known of each snapshot, and ROOT/snapshots/NUMBER
/// what it contains. A snapshot's directory is on disk before it is stored, and stored before containerd is answered; once
/// it is no longer stored, its directory is garbage, which a sweeper removes in the background. So a crash or a power cut
/// at any moment loses nothing that was answered.
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
        RefuseToForget(onDisk, database);
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

    // Null: not found.
    public SnapshotInfo? Stat(string key) => _store.Stat(key);

    // containerd changes labels only, and marks with them what garbage collection must keep.
    public Task<SnapshotInfo> UpdateAsync(SnapshotInfo info, IReadOnlyList<string> fieldPaths, CancellationToken cancellationToken) =>
        _store.UpdateAsync(info, fieldPaths, cancellationToken);

    // A committed snapshot was measured when it was committed; another one changes all the time, so it is measured now.
    public SnapshotUsage? Usage(string key, CancellationToken cancellationToken) =>
        _store.Find(key) is { } snapshot ? snapshot.Usage ?? _directories.Measure(snapshot.Number, cancellationToken) : null;

    public IReadOnlyList<Mount>? Mounts(string key) => _store.Find(key) is { } snapshot ? MountsOf(snapshot) : null;

    // Writable: containerd unpacks a layer into it, or runs a container in it.
    public Task<IReadOnlyList<Mount>> PrepareAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(SnapshotKind.Active, key, parent, labels, cancellationToken);

    // Read-only, and never to be committed.
    public Task<IReadOnlyList<Mount>> ViewAsync(
        string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        CreateAsync(SnapshotKind.View, key, parent, labels, cancellationToken);

    // From now on it is immutable, and can be a parent. containerd calls this within a transaction of its own, in which
    // nothing else can be written: so what takes long, measuring, is done by as few system calls as can be.
    public Task CommitAsync(
        string name, string key, string parent, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _store.CommitAsync(name, key, parent, labels, FinishLayerAsync, cancellationToken);

    // Gone at once, and its key is free; the sweeper frees the disk.
    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var removed = await _store.RemoveAsync(key, cancellationToken);
        _sweeper.Enqueue(removed.Number);
    }

    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => _store.Walk(filter);

    // containerd asks for it after each garbage collection: whatever is not in use is gone from the disk afterwards.
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
            _sweeper.Enqueue(made.Value); // The directory is there, and the snapshot is not.
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

    // What no store knows is garbage, and swept. Without any store that would be everything, under running containers too.
    private void RefuseToForget(IReadOnlyList<long> onDisk, string database)
    {
        if (onDisk.Count > 0 && !File.Exists(database))
        {
            throw SnapshotterException.FailedPrecondition(
                $"\"{database}\" is missing, but there are {onDisk.Count} directories of snapshots: put it back, or a backup of it; or begin anew, "
                + $"when all containers and images that use them are removed from containerd, by removing \"{_directories.Root}\"");
        }
    }

    // One that is damaged never stops the others.
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
            // The host stops already.
        }
        catch (Exception exception)
        {
            OverlayLog.CannotSweep(_logger, exception);
        }
    }
}
