using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Storage.Content;

/// <summary>
/// The directory of all snapshots. It stays open, but containerd mounts by its path, where another directory can be put: then
/// nothing is made, listed or removed until the first one is back.
/// </summary>
internal sealed class SnapshotsDirectory : IDisposable
{
    private readonly FileIdentity _identity;

    private SnapshotsDirectory(string path, SafeFileHandle handle, FileIdentity identity)
    {
        Path = path;
        Handle = handle;
        _identity = identity;
    }

    public string Path { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Opens ROOT/snapshots; creates it if it is missing.</summary>
    /// <exception cref="SnapshotterException">As from <see cref="RootCheck.Open"/>.</exception>
    public static SnapshotsDirectory Open(string root)
    {
        var path = System.IO.Path.Combine(root, SnapshotName.Snapshots);
        var handle = RootCheck.Open(root);
        var error = Linux.Look(handle, out var status);
        if (error == 0)
            return new(path, handle, status.Identity);

        handle.Dispose();
        throw KernelErrors.Failed(error, $"cannot examine the directory \"{path}\"");
    }

    /// <summary>Throws if the path no longer leads to the open directory.</summary>
    /// <exception cref="SnapshotterException">Unavailable, with the remedy.</exception>
    /// <exception cref="IOException">The path cannot be examined.</exception>
    public void ThrowIfReplaced()
    {
        var error = Linux.Look(Path, LinkHandling.Follow, out var status);
        if (error is Errno.NoSuchFile or Errno.NotADirectory || (error == 0 && status.Identity != _identity))
            throw new SnapshotterException(
                SnapshotterError.Unavailable,
                $"the directory \"{Path}\" was moved, removed or hidden by a mount after the snapshotter was started: put it back, or restart the snapshotter to use what is there now");

        KernelErrors.ThrowIfFailed(error, $"cannot examine the directory \"{Path}\"");
    }

    public void Dispose() => Handle.Dispose();
}
