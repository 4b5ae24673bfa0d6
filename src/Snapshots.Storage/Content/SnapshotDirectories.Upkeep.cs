using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Content;
using Containerd.Snapshots.Storage.Trees;

namespace Containerd.Snapshots.Storage;

/// <content>Measures, removes and syncs the content of snapshots.</content>
public sealed partial class SnapshotDirectories
{
    /// <summary>
    /// Measures a snapshot's own usage, as containerd counts it: the allocated bytes and the inodes. A file with several hard
    /// links counts once; symbolic links are not followed. Files that disappear meanwhile, and mounts inside, do not count. It
    /// blocks its thread while it reads the tree.
    /// </summary>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="cancellationToken">Cancels it between two files.</param>
    /// <exception cref="SnapshotterException">DataLoss: the directory is gone. ResourceExhausted: too many files are open.</exception>
    /// <exception cref="IOException">The tree cannot be read.</exception>
    public SnapshotUsage Measure(long number, CancellationToken cancellationToken) => TreeUsage.Of(
        _snapshots.Handle, SnapshotName.ContentOf(number, stackalloc byte[SnapshotName.MaxLength]), ContentPath(number), cancellationToken);

    /// <summary>
    /// Removes a snapshot's directory with its content. Entries that cannot be removed stay: immutable files, and mounts with
    /// their content. It follows no links and changes nothing outside. A missing directory is not an error. It blocks its
    /// thread while it removes.
    /// </summary>
    /// <param name="number">The number of a snapshot that is no longer stored or used.</param>
    /// <param name="cancellationToken">Cancels it between two files; the next removal continues.</param>
    /// <returns>The freed space, and the entries that could not be removed.</returns>
    /// <exception cref="SnapshotterException">Unavailable: another directory is in the place of <c>ROOT/snapshots</c>.</exception>
    public RemovalReport Remove(long number, CancellationToken cancellationToken)
    {
        _snapshots.ThrowIfReplaced();
        _ahead.TryRemove(number, out _);
        return TreeRemoval.Of(_snapshots.Handle, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), cancellationToken);
    }

    /// <summary>
    /// Waits until everything written to the snapshots' file system so far is on the disk: a layer that is committed afterwards
    /// survives a power cut. Concurrent calls share one sync.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; the sync continues.</param>
    /// <exception cref="IOException">A layer, or something else on the file system, could not be written.</exception>
    /// <exception cref="SnapshotterException">ResourceExhausted: the disk is full.</exception>
    public Task SyncLayersAsync(CancellationToken cancellationToken) => _fileSystem.RunAsync().WaitAsync(cancellationToken);
}
