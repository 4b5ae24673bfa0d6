using System.Globalization;
using Containerd.Snapshots.Shared;
using Containerd.Snapshots.Storage.Content;
using Containerd.Snapshots.Storage.Trees;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage;

/// <summary>
/// Content in files with a file system, <c>ROOT/snapshots/NUMBER</c>, which containerd reaches by loop devices. A snapshot
/// without a parent begins as a new file system; one with a parent begins as a copy of the parent's file, which shares its
/// blocks where the file system below can (xfs with reflink, btrfs). All members are thread-safe.
/// </summary>
public sealed class SnapshotFiles : ISnapshotContent, IDisposable
{
    private readonly SnapshotsDirectory _snapshots;
    private readonly SnapshotFileFormat _format;
    private readonly GroupSync _entries;

    private SnapshotFiles(SnapshotsDirectory snapshots, SnapshotFileFormat format)
    {
        _snapshots = snapshots;
        _format = format;
        _entries = new(() => KernelErrors.ThrowIfFailed(Linux.Sync(snapshots.Handle), $"cannot sync the directory \"{snapshots.Path}\""));
    }

    /// <summary>Opens <c>ROOT/snapshots</c>; creates it if it is missing, with mode 0700.</summary>
    /// <param name="root">The absolute path of an existing directory.</param>
    /// <param name="format">How new files are made and mounted.</param>
    /// <exception cref="SnapshotterException">
    /// FailedPrecondition: the root is missing or cannot be written. ResourceExhausted: the disk is full. The message is for the
    /// operator.
    /// </exception>
    public static SnapshotFiles Open(string root, SnapshotFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(format);
        return new(SnapshotsDirectory.Open(Path.TrimEndingDirectorySeparator(root)), format);
    }

    /// <summary>Returns the path of a snapshot's file.</summary>
    /// <param name="number">The snapshot's number.</param>
    public string PathOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_snapshots.Path}/{number}");

    /// <inheritdoc/>
    public ContentListing List() => DirectoryNames.List(_snapshots);

    /// <inheritdoc/>
    /// <exception cref="SnapshotterException">
    /// ResourceExhausted: the disk or the quota is used up. FailedPrecondition: a program is not installed. Internal: the number
    /// has a file already. Unavailable: another directory is in the place of <c>ROOT/snapshots</c>.
    /// </exception>
    /// <exception cref="IOException">Any other error, with the kernel's or the program's own words.</exception>
    public async ValueTask MakeAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshots.ThrowIfReplaced();
        var path = PathOf(snapshot.Number);
        using var file = Create(snapshot.Number, path);
        try
        {
            if (snapshot.Parents.Count == 0)
                await FormatAsync(file, path, cancellationToken).ConfigureAwait(false);
            else if (!snapshot.ShowsParent)
                await CopyAsync(PathOf(snapshot.Parents[0]), path, cancellationToken).ConfigureAwait(false);

            KernelErrors.ThrowIfFailed(Linux.Sync(file), $"cannot sync \"{path}\"");
            await _entries.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Remove(snapshot.Number);
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Mount> Mounts(StoredSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var number = snapshot.ShowsParent ? snapshot.Parents[0] : snapshot.Number;
        return [Mount.Loop(snapshot.Info.Kind, PathOf(number), _format.FileSystem, _format.MountOptions)];
    }

    /// <summary>Waits until everything that was written to the file is on the disk.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Not used: the sync cannot be canceled.</param>
    /// <exception cref="SnapshotterException">Unavailable: another directory is in the place of <c>ROOT/snapshots</c>.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public ValueTask SealAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshots.ThrowIfReplaced();
        var path = PathOf(snapshot.Number);
        var error = Linux.Open(path, OpenFlags.NoFollow, out var file);
        using (file)
        {
            if (error == 0)
                error = Linux.Sync(file);
        }

        KernelErrors.ThrowIfFailed(error, $"cannot sync \"{path}\"");
        return default;
    }

    /// <summary>Returns the allocated size of a snapshot's file, which is one inode. Shared blocks count for each file.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Not used.</param>
    /// <exception cref="SnapshotterException">DataLoss: the file is gone.</exception>
    public ValueTask<SnapshotUsage> MeasureAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var error = Linux.Look(_snapshots.Handle, SnapshotName.Of(snapshot.Number, stackalloc byte[SnapshotName.MaxLength]), out var status);
        if (error == Errno.NoSuchFile)
            throw new SnapshotterException(SnapshotterError.DataLoss, $"the file \"{PathOf(snapshot.Number)}\" is gone");

        KernelErrors.ThrowIfFailed(error, $"cannot measure \"{PathOf(snapshot.Number)}\"");
        return new(new SnapshotUsage(status.AllocatedBytes, 1));
    }

    /// <inheritdoc/>
    public ValueTask<RemovalReport?> RemoveAsync(long number, CancellationToken cancellationToken) => new(Remove(number));

    /// <summary>Closes <c>ROOT/snapshots</c>.</summary>
    public void Dispose() => _snapshots.Dispose();

    private static Task CopyAsync(string parent, string path, CancellationToken cancellationToken) =>
        SnapshotTool.RunAsync(["cp", "--reflink=auto", "--sparse=auto", "--", parent, path], cancellationToken);

    private SafeFileHandle Create(long number, string path)
    {
        try
        {
            // Only root reads it: the directory above has mode 0700.
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw ContentExists.Error($"the file of snapshot number {number}");
        }
    }

    private async Task FormatAsync(SafeFileHandle file, string path, CancellationToken cancellationToken)
    {
        RandomAccess.SetLength(file, _format.Size);
        await SnapshotTool.RunAsync(_format.Command(path), cancellationToken).ConfigureAwait(false);
    }

    private RemovalReport Remove(long number)
    {
        _snapshots.ThrowIfReplaced();
        return TreeRemoval.Of(_snapshots.Handle, SnapshotName.Of(number, stackalloc byte[SnapshotName.MaxLength]), CancellationToken.None);
    }
}

/// <summary>How the files of <see cref="SnapshotFiles"/> are made and mounted.</summary>
public sealed record SnapshotFileFormat
{
    /// <summary>The type of the file system, such as <c>ext4</c>.</summary>
    public required string FileSystem { get; init; }

    /// <summary>The size of a new file in bytes, which is the space that a container gets. The file has holes: it takes what is written.</summary>
    public required long Size { get; init; }

    /// <summary>Returns the command that makes the file system in the file with a path: <c>mkfs.ext4 -q PATH</c>.</summary>
    public required Func<string, IReadOnlyList<string>> Command { get; init; }

    /// <summary>Further options for every mount, such as <c>discard</c>; empty by default.</summary>
    public IReadOnlyList<string> MountOptions { get; init; } = [];
}
