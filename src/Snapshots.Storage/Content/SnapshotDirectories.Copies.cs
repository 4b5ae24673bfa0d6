using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Content;

namespace Containerd.Snapshots.Storage;

/// <content>Copies of a parent, links to directories elsewhere, and the bind mounts of both.</content>
public sealed partial class SnapshotDirectories
{
    /// <summary>
    /// Makes a new snapshot's directory with a copy of the parent's files, durably. The copy has the same modes, owners, times,
    /// extended attributes, devices, hard links and holes. It shares the blocks of files where the file system can. It uses the
    /// program <c>cp</c> of GNU coreutils. If it fails or is canceled, it leaves nothing.
    /// </summary>
    /// <param name="number">The snapshot's number, which must never have been used before.</param>
    /// <param name="parent">The parent's number.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <exception cref="SnapshotterException">
    /// ResourceExhausted: the disk, the quota or the inodes are used up. FailedPrecondition: the program is not installed.
    /// Internal: the number has a directory already. Unavailable: another directory is in the place of <c>ROOT/snapshots</c>.
    /// </exception>
    /// <exception cref="IOException">Any other error, with the program's own words.</exception>
    public Task CopyAsync(long number, long parent, CancellationToken cancellationToken) => FillAsync(
        number,
        async () =>
        {
            await SnapshotTool.RunAsync(["cp", .. HowToCopy, ContentPath(parent), ContentPath(number)], cancellationToken).ConfigureAwait(false);
            await _fileSystem.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        });

    /// <summary>
    /// Makes a new snapshot's directory whose <c>fs</c> is a symbolic link to a directory elsewhere, durably. Only a committed
    /// snapshot can be one, since nothing may write there. The directory must exist as long as the snapshot does; removing the
    /// snapshot removes only the link, which gets the directory's owner. If it fails or is canceled, it leaves nothing.
    /// </summary>
    /// <param name="number">The snapshot's number, which must never have been used before.</param>
    /// <param name="directory">The absolute path of the directory with the files.</param>
    /// <param name="cancellationToken">Cancels the wait for the disk.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    /// <exception cref="SnapshotterException">As from <see cref="CopyAsync"/>.</exception>
    /// <exception cref="IOException">Any other error of the kernel.</exception>
    public Task MakeLinkAsync(long number, string directory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (!Path.IsPathRooted(directory) || directory.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The path \"{directory}\" is not absolute.", nameof(directory));

        return FillAsync(
            number,
            async () =>
            {
                Link(number, directory);
                await _entries.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            });
    }

    /// <summary>Whether a snapshot's <c>fs</c> is missing, or is a link to a directory that is missing.</summary>
    /// <param name="number">The snapshot's number.</param>
    public bool IsLost(long number) => !Directory.Exists(ContentPath(number));

    /// <summary>
    /// Returns the bind mount of a snapshot: writable for an active snapshot, read-only for a view, which shows its parent's
    /// files if it has a parent.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <exception cref="SnapshotterException">FailedPrecondition: a committed snapshot has no mounts.</exception>
    public Mount Bind(StoredSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Mount.Bind(snapshot.Info.Kind, ContentPath(snapshot.ShowsParent ? snapshot.Parents[0] : snapshot.Number));
    }

    async ValueTask ISnapshotContent.MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Parents.Count == 0 || snapshot.ShowsParent)
            await MakeEmptyAsync(snapshot.Number, snapshot.Parents, snapshot.Info.Labels, cancellationToken).ConfigureAwait(false);
        else
            await CopyAsync(snapshot.Number, snapshot.Parents[0], cancellationToken).ConfigureAwait(false);
    }

    IReadOnlyList<Mount> ISnapshotContent.Mounts(StoredSnapshot snapshot) => [Bind(snapshot)];

    // A layer that was committed is on disk, as a copy is.
    async ValueTask ISnapshotContent.SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        await SyncLayersAsync(cancellationToken).ConfigureAwait(false);

    bool ISnapshotContent.IsLost(StoredSnapshot snapshot) => IsLost(snapshot.Number);

    ValueTask<SnapshotUsage> ISnapshotContent.MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        new(Measure(snapshot.Number, cancellationToken));

    ValueTask<RemovalReport?> ISnapshotContent.RemoveAsync(long number, CancellationToken cancellationToken) => new(Remove(number, cancellationToken));

    // Not --archive: with it, cp ignores errors with extended attributes, such as a full disk.
    private static readonly string[] HowToCopy =
        ["--recursive", "--no-dereference", "--no-target-directory", "--preserve=mode,ownership,timestamps,links,xattr", "--reflink=auto", "--sparse=auto", "--"];

    private async Task FillAsync(long number, Func<Task> fill)
    {
        _snapshots.ThrowIfReplaced();
        _maker.MakeEmpty(number);
        try
        {
            await fill().ConfigureAwait(false);
        }
        catch
        {
            Remove(number, CancellationToken.None);
            throw;
        }
    }

    // With the owner of the directory, which the snapshots on it inherit: they must not wait for another disk to find out.
    private void Link(long number, string directory)
    {
        KernelErrors.ThrowIfFailed(LookBehind(directory, out var target), $"cannot use the directory \"{directory}\"");
        var error = Linux.OpenDirectory(_snapshots.Handle, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), out var snapshot);
        using (snapshot)
        {
            if (error == 0)
                error = Linux.MakeLink(snapshot, "fs\0"u8, directory);
            if (error == 0)
                error = Linux.SetOwner(snapshot, "fs\0"u8, target.Owner);
            if (error == 0)
                error = Linux.Sync(snapshot);
        }

        KernelErrors.ThrowIfFailed(error, $"cannot make the link of snapshot number {number} to \"{directory}\"");
    }

    private static int LookBehind(string directory, out FileStatus status)
    {
        status = default;
        var error = Linux.Open(directory, OpenFlags.Directory | OpenFlags.PathOnly, out var target);
        using (target)
            return error == 0 ? Linux.Look(target, out status) : error;
    }
}
