using Containerd.Snapshots.Overlay.Directories;
using Containerd.Snapshots.Overlay.Trees;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Overlay;

/// <content>What is done with all that is in a snapshot's directory.</content>
public sealed partial class OverlayDirectories
{
    /// <summary>
    /// What a snapshot takes up by itself, as containerd counts it: the bytes allocated, and the inodes, those with
    /// several links once; links are not followed. What disappears meanwhile is not counted, nor is what is mounted in it.
    /// Blocks while it reads the tree.
    /// </summary>
    /// <param name="number">The snapshot's number.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="SnapshotterException">DataLoss: the directory is gone.</exception>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public SnapshotUsage Measure(long number, CancellationToken cancellationToken) => TreeUsage.Of(
        _snapshots, SnapshotName.ContentOf(number, stackalloc byte[SnapshotName.MaxLength]), ContentPath(number), cancellationToken);

    /// <summary>How much room is left for all snapshots.</summary>
    /// <exception cref="IOException">The file system does not say.</exception>
    public FileSystemSpace MeasureSpace()
    {
        KernelErrors.ThrowIfFailed(Linux.LookAtFileSystem(_snapshots, out var status), $"cannot measure the file system of \"{_path}\"");
        return new(status.FreeBytes, status.Blocks * status.BlockSize, status.FreeInodes, status.Inodes);
    }

    /// <summary>
    /// Removes a snapshot's directory with all that is in it, as far as it can be: an immutable file stays, and so does
    /// what is mounted in there. No link is followed, and nothing outside is touched. One that is gone is removed already.
    /// Blocks while it removes. See <see cref="DirectorySweeper"/> for removal in the background.
    /// </summary>
    /// <param name="number">The number of a snapshot that nobody uses, whose row is gone.</param>
    /// <param name="cancellationToken">Ends it between two files; the next removal goes on from there.</param>
    /// <returns>What was freed, and what could not be removed.</returns>
    public RemovalReport Remove(long number, CancellationToken cancellationToken)
    {
        _ahead.TryRemove(number, out _);
        return TreeRemoval.Of(_snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), cancellationToken);
    }

    /// <summary>
    /// Waits until all that was written to the snapshots' file system before is on the disk: layers that are committed
    /// after it survive a power cut. Calls at the same time share one sync.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the sync goes on.</param>
    /// <exception cref="IOException">Something could not be written, of a layer or of anything else on that file system.</exception>
    /// <exception cref="SnapshotterException">ResourceExhausted: there was no space for it.</exception>
    public Task SyncLayersAsync(CancellationToken cancellationToken) => _fileSystem.RunAsync().WaitAsync(cancellationToken);
}
