using System.Collections.Concurrent;
using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Content;
using Containerd.Snapshots.Storage.Trees;

namespace Containerd.Snapshots.Storage;

/// <summary>
/// Content in directories, <c>ROOT/snapshots/NUMBER/fs</c>, which containerd reaches by bind mounts. A snapshot with a parent
/// begins as a copy of the parent's files, which shares their blocks where the file system can (xfs with reflink, btrfs).
/// All members are thread-safe.
/// </summary>
public sealed partial class SnapshotDirectories : ISnapshotContent, IDisposable
{
    private readonly SnapshotsDirectory _snapshots;
    private readonly DirectoryMaker _maker;
    private readonly GroupSync _entries, _fileSystem;

    // The directories that were made ahead, with the identity of their `fs`.
    private readonly ConcurrentDictionary<long, FileIdentity> _ahead = [];

    private SnapshotDirectories(string root, SnapshotsDirectory snapshots, DirectoryDefaults defaults, SnapshotDirectoriesOptions options)
    {
        Root = root;
        _snapshots = snapshots;
        _maker = new(snapshots.Handle, defaults, options.HasWork);
        _entries = new(() => KernelErrors.ThrowIfFailed(Linux.Sync(snapshots.Handle), $"cannot sync the directory \"{snapshots.Path}\""));
        _fileSystem = new(() => KernelErrors.ThrowIfFailed(Linux.SyncFileSystem(snapshots.Handle), $"cannot sync the file system of \"{snapshots.Path}\""));
    }

    /// <summary>The absolute path of the directory that contains <c>snapshots</c>.</summary>
    public string Root { get; }

    /// <summary>Opens <c>ROOT/snapshots</c>; creates it if it is missing, with mode 0700.</summary>
    /// <param name="root">The absolute path of an existing directory.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition: the root is missing or cannot be written. ResourceExhausted: the disk is full. The message is for the
    /// operator.
    /// </exception>
    public static SnapshotDirectories Open(string root, SnapshotDirectoriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var path = Path.TrimEndingDirectorySeparator(root);
        var snapshots = SnapshotsDirectory.Open(path);
        try
        {
            return new(path, snapshots, RootCheck.Probe(snapshots.Handle, path), options ?? new());
        }
        catch
        {
            snapshots.Dispose();
            throw;
        }
    }

    /// <summary>Returns the path of a snapshot's own files.</summary>
    /// <param name="number">The snapshot's number.</param>
    public string ContentPath(long number) => string.Create(null, stackalloc char[256], $"{_snapshots.Path}/{number}/{SnapshotName.Content}");

    /// <summary>Returns the path of overlay's working directory, which exists with <see cref="SnapshotDirectoriesOptions.HasWork"/>.</summary>
    /// <param name="number">The snapshot's number.</param>
    public string WorkPath(long number) => string.Create(null, stackalloc char[256], $"{_snapshots.Path}/{number}/{SnapshotName.Work}");

    /// <summary>
    /// Makes a new snapshot's directory with an empty <c>fs</c>, durably: when this returns, a power cut does not undo it. The
    /// owner of <c>fs</c> is the container's root of the id mapping in the labels, or else the owner of the nearest parent's
    /// <c>fs</c>, or else this process. If it fails or is canceled, it leaves nothing.
    /// </summary>
    /// <param name="number">The snapshot's number, which must never have been used before.</param>
    /// <param name="parents">The numbers of its parents, the nearest first; empty for none.</param>
    /// <param name="labels">The snapshot's labels; those for id mapping count.</param>
    /// <param name="cancellationToken">Cancels the wait for the disk.</param>
    /// <exception cref="SnapshotterException">
    /// InvalidArgument: an id mapping is malformed, or does not map id 0. ResourceExhausted: the disk, the quota or the inodes
    /// are used up. DataLoss: the parent's directory is gone. Internal: the number has a directory already. Unavailable: another
    /// directory is in the place of <c>ROOT/snapshots</c>.
    /// </exception>
    /// <exception cref="IOException">Any other error of the kernel.</exception>
    public async ValueTask MakeEmptyAsync(
        long number,
        IReadOnlyList<long> parents,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (IsMadeAhead(number))
            Claim(number, parents, labels, cancellationToken);
        else
            await MakeAllAsync([number], OwnerOfNew(parents, labels, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the directories of later snapshots, durably. <see cref="MakeEmptyAsync"/> then finds the directory of its number,
    /// and only changes its owner if necessary. If it fails, it leaves nothing.
    /// </summary>
    /// <param name="numbers">Numbers that were never used before, and that are in use.</param>
    /// <exception cref="SnapshotterException">ResourceExhausted, Internal or Unavailable, as from <see cref="MakeEmptyAsync"/>.</exception>
    /// <exception cref="IOException">Any other error of the kernel.</exception>
    public async Task MakeAheadAsync(IReadOnlyList<long> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        _snapshots.ThrowIfReplaced();

        // On a thread of its own, since it is slow, and callers wait for the pool's threads.
        await Task.Factory.StartNew(
            () => MakeAllAsync(numbers, Linux.CurrentOwner, CancellationToken.None),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap().ConfigureAwait(false);
        foreach (var number in numbers)
            _ahead[number] = LookAt(number);
    }

    /// <summary>Whether a snapshot has a directory.</summary>
    /// <param name="number">The snapshot's number.</param>
    /// <exception cref="IOException">The directory cannot be examined.</exception>
    public bool Exists(long number)
    {
        var error = Linux.Look(_snapshots.Handle, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), out var status);
        if (error == Errno.NoSuchFile)
            return false;

        KernelErrors.ThrowIfFailed(error, $"cannot examine the directory of snapshot number {number}");
        return status.Type == FileType.Directory;
    }

    /// <summary>Lists <c>ROOT/snapshots</c>: the numbers on disk, and names that are not a snapshot's.</summary>
    /// <exception cref="SnapshotterException">Unavailable: another directory is in its place.</exception>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public ContentListing List() => DirectoryNames.List(_snapshots);

    /// <summary>
    /// Removes the directories that were made ahead and not used, and closes <c>ROOT/snapshots</c>. First dispose the objects
    /// that call the other members, such as a store that makes directories ahead.
    /// </summary>
    public void Dispose()
    {
        foreach (var number in _ahead.Keys)
            Unmake(number);

        _ahead.Clear();
        _snapshots.Dispose();
    }

    private async Task MakeAllAsync(IReadOnlyList<long> numbers, Owner owner, CancellationToken cancellationToken)
    {
        var made = 0;
        try
        {
            for (; made < numbers.Count; made++)
            {
                // Many take a while, and other threads on the same processor would wait for all of them.
                if (made > 0)
                    Thread.Yield();

                _maker.Make(numbers[made], owner);
            }

            foreach (var number in numbers)
                _maker.Sync(number, owner);

            await _entries.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            foreach (var number in numbers.Take(made))
                Unmake(number);

            throw;
        }
    }

    private void Claim(long number, IReadOnlyList<long> parents, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        try
        {
            var owner = OwnerOfNew(parents, labels, cancellationToken);
            if (owner != Linux.CurrentOwner)
                _maker.GiveTo(number, owner);
        }
        catch
        {
            Unmake(number);
            throw;
        }
    }

    // Whether a directory was made ahead, and its path, which containerd mounts, still leads to it.
    private bool IsMadeAhead(long number)
    {
        var wasMade = _ahead.TryRemove(number, out var made);
        if (wasMade && Linux.Look(ContentPath(number), LinkHandling.NoFollow, out var status) == 0 && status.Identity == made)
            return true;

        _snapshots.ThrowIfReplaced();
        if (wasMade)
            Unmake(number); // Something was removed from it.
        return false;
    }

    private FileIdentity LookAt(long number)
    {
        var error = Linux.Look(_snapshots.Handle, SnapshotName.ContentOf(number, stackalloc byte[SnapshotName.MaxLength]), out var status);
        return error == 0 ? status.Identity : default;
    }

    private void Unmake(long number) =>
        DirectoryMaker.Unmake(_snapshots.Handle, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]));

    private Owner OwnerOfNew(IReadOnlyList<long> parents, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Examine the parent in any case: a snapshot without its parent's directory cannot be mounted.
        Owner? inherited = parents.Count > 0 ? OwnerOf(parents[0]) : null;
        return IdMapping.RootOf(labels) ?? inherited ?? Linux.CurrentOwner;
    }

    private Owner OwnerOf(long parent)
    {
        var error = Linux.Look(_snapshots.Handle, SnapshotName.ContentOf(parent, stackalloc byte[SnapshotName.MaxLength]), out var status);
        if (error == Errno.NoSuchFile)
            throw new SnapshotterException(SnapshotterError.DataLoss, $"the directory \"{ContentPath(parent)}\" of the parent is gone");

        KernelErrors.ThrowIfFailed(error, $"cannot examine the directory of snapshot number {parent}");
        return status.Owner;
    }
}

/// <summary>The options of <see cref="SnapshotDirectories"/>.</summary>
public sealed record SnapshotDirectoriesOptions
{
    /// <summary>Whether each snapshot also has a directory <c>work</c> beside <c>fs</c>, which an overlay mount needs.</summary>
    public bool HasWork { get; init; }
}
