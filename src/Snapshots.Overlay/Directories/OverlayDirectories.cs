using System.Collections.Concurrent;
using Containerd.Snapshots.Overlay.Directories;
using Containerd.Snapshots.Overlay.Trees;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Overlay;

/// <summary>
/// The directories of all snapshots, <c>ROOT/snapshots/NUMBER</c>. Each has <c>fs</c> inside, for what the snapshot
/// changes, and <c>work</c>, for the kernel. Safe for use by many threads.
/// </summary>
public sealed partial class OverlayDirectories : IDisposable
{
    private readonly SafeFileHandle _snapshots;
    private readonly string _path;
    private readonly DirectoryMaker _maker;
    private readonly GroupSync _entries, _fileSystem;
    private readonly ConcurrentDictionary<long, bool> _ahead = [];

    private OverlayDirectories(string root, SafeFileHandle snapshots, DirectoryHabits habits)
    {
        Root = root;
        _path = Path.Combine(root, SnapshotName.Snapshots);
        _snapshots = snapshots;
        _maker = new(snapshots, habits);
        _entries = new(() => KernelErrors.ThrowIfFailed(Linux.Sync(snapshots), $"cannot sync the directory \"{_path}\""));
        _fileSystem = new(() => KernelErrors.ThrowIfFailed(Linux.SyncFileSystem(snapshots), $"cannot sync the file system of \"{_path}\""));
    }

    /// <summary>The directory that holds <c>snapshots</c>, as an absolute path.</summary>
    public string Root { get; }

    /// <summary>Opens <c>ROOT/snapshots</c>, which is made where it is missing, for its owner alone.</summary>
    /// <param name="root">A directory that is there, as an absolute path.</param>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition: the root is missing, cannot be written, is on a file system that does not keep files' types
    /// (d_type), or has a path that mount options cannot carry. ResourceExhausted: the disk is full. The text is for the
    /// operator.
    /// </exception>
    public static OverlayDirectories Open(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var path = Path.TrimEndingDirectorySeparator(root);
        var snapshots = RootCheck.Open(path);
        try
        {
            return new(path, snapshots, RootCheck.Probe(snapshots, path));
        }
        catch
        {
            snapshots.Dispose();
            throw;
        }
    }

    /// <summary>The directory that has what a snapshot changes: overlay's <c>upperdir</c>, or one of its <c>lowerdir</c>.</summary>
    /// <param name="number">The snapshot's number.</param>
    public string ContentPath(long number) => string.Create(null, stackalloc char[256], $"{_path}/{number}/{SnapshotName.Content}");

    /// <summary>The directory that the kernel works in: overlay's <c>workdir</c>.</summary>
    /// <param name="number">The snapshot's number.</param>
    public string WorkPath(long number) => string.Create(null, stackalloc char[256], $"{_path}/{number}/{SnapshotName.Work}");

    /// <summary>
    /// Makes a new snapshot's directory, durably: when this returns, a power cut does not undo it. <c>fs</c> belongs to
    /// the root of the id mapping in the labels, else to whom the nearest parent's belongs, else to this process. If it
    /// fails or is cancelled, nothing is left. The number has to be in use, as a sweeper asks for it, from before the call.
    /// </summary>
    /// <param name="number">The snapshot's number, which must never have been used before.</param>
    /// <param name="parents">The numbers of its parents, the nearest first; empty for none.</param>
    /// <param name="labels">The snapshot's labels.</param>
    /// <param name="cancellationToken">Ends the wait for the disk.</param>
    /// <exception cref="SnapshotterException">
    /// InvalidArgument: an id mapping is malformed, or maps no root. ResourceExhausted: the disk, the quota or the inodes
    /// are used up. DataLoss: the parent's directory is gone. Internal: the number has a directory already.
    /// </exception>
    /// <exception cref="IOException">Anything else that the kernel refuses.</exception>
    public async ValueTask MakeAsync(
        long number,
        IReadOnlyList<long> parents,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (_ahead.TryRemove(number, out _))
            Claim(number, parents, labels, cancellationToken);
        else
            await MakeAllAsync([number], OwnerOfNew(parents, labels, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the directories of snapshots that are yet to come, as <see cref="MakeAsync"/> does and for it to find: it then
    /// has no more to do than to give them to their owner, if that is another one. If it fails, nothing is left.
    /// </summary>
    /// <param name="numbers">Numbers that were never used before. They have to be in use, as a sweeper asks for it.</param>
    /// <exception cref="SnapshotterException">As of <see cref="MakeAsync"/>.</exception>
    /// <exception cref="IOException">Anything else that the kernel refuses.</exception>
    public async Task MakeAheadAsync(IReadOnlyList<long> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);

        // On a thread of its own, since it takes a while: the pool has those that somebody waits for.
        await Task.Factory.StartNew(
            () => MakeAllAsync(numbers, Linux.CurrentOwner, CancellationToken.None),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap().ConfigureAwait(false);
        foreach (var number in numbers)
            _ahead[number] = true;
    }

    /// <summary>Whether a snapshot has a directory.</summary>
    /// <param name="number">The snapshot's number.</param>
    /// <exception cref="IOException">The kernel does not say.</exception>
    public bool Exists(long number)
    {
        var error = Linux.Look(_snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), out var status);
        if (error == Errno.NoSuchFile)
            return false;

        KernelErrors.ThrowIfFailed(error, $"cannot look at the directory of snapshot number {number}");
        return status.Type == FileType.Directory;
    }

    /// <summary>What is there: the numbers on disk, and names that are no snapshot's.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public DirectoryListing List()
    {
        List<long> numbers = [];
        List<string> foreign = [];

        // A handle remembers how far it was read, so each listing has its own.
        KernelErrors.ThrowIfFailed(Linux.OpenDirectory(_snapshots, ".\0"u8, out var directory), CannotRead);
        using (directory)
        {
            var entries = new DirectoryEntries(directory, new byte[32 * 1024]);
            while (entries.MoveNext())
            {
                if (SnapshotName.NumberOf(entries.Name) is { } number)
                    numbers.Add(number);
                else
                    foreign.Add(TreePath.Printable(entries.Name));
            }

            KernelErrors.ThrowIfFailed(entries.Error, CannotRead);
        }

        return new(numbers, foreign);
    }

    /// <summary>
    /// Removes what was made ahead and not used, and closes the directory. Dispose what calls the other members before,
    /// such as a store that has directories made ahead.
    /// </summary>
    public void Dispose()
    {
        foreach (var number in _ahead.Keys)
            Unmake(number);

        _ahead.Clear();
        _snapshots.Dispose();
    }

    private string CannotRead => $"cannot read the directory \"{_path}\"";

    private async Task MakeAllAsync(IReadOnlyList<long> numbers, Owner owner, CancellationToken cancellationToken)
    {
        var made = 0;
        try
        {
            for (; made < numbers.Count; made++)
            {
                // Many take a while, and the kernel would let others who share the processor wait for all of them.
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

    private void Unmake(long number) =>
        DirectoryMaker.Unmake(_snapshots, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]));

    private Owner OwnerOfNew(IReadOnlyList<long> parents, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The parent is looked at in any case: a snapshot on one that is gone could not be mounted.
        Owner? inherited = parents.Count > 0 ? OwnerOf(parents[0]) : null;
        return IdMapping.RootOf(labels) ?? inherited ?? Linux.CurrentOwner;
    }

    private Owner OwnerOf(long parent)
    {
        var error = Linux.Look(_snapshots, SnapshotName.ContentOf(parent, stackalloc byte[SnapshotName.MaxLength]), out var status);
        if (error == Errno.NoSuchFile)
            throw new SnapshotterException(SnapshotterError.DataLoss, $"the directory \"{ContentPath(parent)}\" of the parent is gone");

        KernelErrors.ThrowIfFailed(error, $"cannot look at the directory of snapshot number {parent}");
        return status.Owner;
    }
}
