using Containerd.Snapshots.Overlay.Mounts;
using Containerd.Snapshots.Storage;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// Content on overlay file systems, for a <see cref="StoredSnapshotter"/>: each snapshot's directory has only what differs from
/// its parents, and the kernel combines them. All members are thread-safe.
/// </summary>
public sealed class OverlayContent : ISnapshotContent, IDisposable
{
    private readonly OverlayMounts _mounts;
    private readonly OverlayOptions _options;

    private OverlayContent(SnapshotDirectories directories, OverlayMounts mounts, OverlayOptions options)
    {
        Directories = directories;
        _mounts = mounts;
        _options = options;
    }

    /// <summary>The directories of the snapshots, for layers that lie elsewhere: <see cref="SnapshotDirectories.MakeLinkAsync"/>.</summary>
    public SnapshotDirectories Directories { get; }

    /// <inheritdoc/>
    public Func<IReadOnlyList<long>, Task> MakeAhead => Directories.MakeAheadAsync;

    /// <summary>Opens <c>ROOT/snapshots</c>; creates it if it is missing, with mode 0700.</summary>
    /// <param name="root">The absolute path of an existing directory.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition: the root is missing, cannot be written, is on a file system that does not keep files' types
    /// (d_type), or has a path that does not fit into mount options; or the kernel cannot map ids. InvalidArgument: a mount
    /// option cannot be used. ResourceExhausted: the disk is full. The message is for the operator.
    /// </exception>
    public static OverlayContent Open(string root, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        options ??= new();
        var path = Path.TrimEndingDirectorySeparator(root);
        OverlayRoot.CheckPath(path);
        var directories = SnapshotDirectories.Open(path, new() { HasWork = true });
        try
        {
            OverlayRoot.CheckFileSystem(path, Path.Combine(path, "snapshots"));
            return new(directories, new(directories, OverlayFeatures.Detect(path), options), options);
        }
        catch
        {
            directories.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ContentListing List() => Directories.List();

    /// <inheritdoc/>
    public ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Directories.MakeEmptyAsync(snapshot.Number, snapshot.Parents, snapshot.Info.Labels, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(StoredSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return _mounts.Of(snapshot.Info.Kind, snapshot.Number, snapshot.Parents, snapshot.Info.Labels);
    }

    /// <inheritdoc/>
    public async ValueTask SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_options.SyncLayers)
            await Directories.SyncLayersAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new(Directories.Measure(snapshot.Number, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<RemovalReport?> RemoveAsync(long number, CancellationToken cancellationToken) => new(Directories.Remove(number, cancellationToken));

    /// <inheritdoc/>
    public bool IsLost(StoredSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Directories.IsLost(snapshot.Number);
    }

    /// <inheritdoc/>
    public void Dispose() => Directories.Dispose();
}
