using Containerd.Snapshots.Erofs.Fuse;
using Containerd.Snapshots.Erofs.Mounts;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// One FUSE mount with a read-only file for each lazy image, which can be mounted as EROFS. Only processes of the same user can
/// read the files; what is mounted from them is open to all. The members are thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// The mount lives as long as its descriptor. If another process keeps that (<see cref="FuseKeeper"/>), readers wait while no
/// server lives, and the next one answers them.
/// </para>
/// <para>
/// The process that serves the mount must not read it, nor what is mounted from it: it would wait for itself.
/// </para>
/// </remarks>
public sealed class LazyImageMount : IAsyncDisposable
{
    private const int ReadAheadKilobytes = FuseSession.MaxRead >> 10;

    private readonly TaskCompletionSource<byte[]> _state = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FuseFiles _files = new();
    private readonly FuseHandler _handler;
    private readonly FuseDevice _device;
    private readonly FuseServer _server;
    private readonly bool _isResumed;
    private int _begun, _disposed;

    private LazyImageMount(string directory, FuseDevice device, FuseSession? session)
    {
        (Directory, _device, _isResumed) = (directory, device, session is not null);
        _handler = new(_files) { Session = session };
        _server = new(device, _handler, NoteSession);
        if (session is not null)
            _state.SetResult(session.Save());
    }

    /// <summary>The directory where it is mounted.</summary>
    public string Directory { get; }

    /// <summary>The descriptor, to be given to a keeper. It is closed with this object.</summary>
    public SafeFileHandle Device => _device.File;

    /// <summary>Ends when the file system is unmounted, and fails if it cannot be served any more.</summary>
    public Task Ended => _server.Ended;

    /// <summary>Mounts a new file system. Nothing is answered before <see cref="Start"/>.</summary>
    /// <param name="directory">The directory, which is hidden by the mount.</param>
    /// <exception cref="IOException">The kernel has no FUSE, or refuses the mount.</exception>
    public static LazyImageMount Mount(string directory)
    {
        var path = Path.GetFullPath(directory);
        return new(path, FuseDevice.Mount(path), null);
    }

    /// <summary>Takes over the mount of a server that has ended. Add all its images, then call <see cref="Start"/>.</summary>
    /// <param name="directory">The directory where it is mounted.</param>
    /// <param name="device">The descriptor; it is closed with the returned object.</param>
    /// <param name="state">What <see cref="GetStateAsync"/> returned.</param>
    /// <exception cref="InvalidDataException">The state is damaged, or a newer version wrote it.</exception>
    public static LazyImageMount Resume(string directory, SafeFileHandle device, ReadOnlySpan<byte> state)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new(Path.GetFullPath(directory), FuseDevice.Take(device), FuseSession.Load(state));
    }

    /// <summary>
    /// Ends the connection of a mount that nobody serves any more, and unmounts it. Whoever reads what is mounted from it gets
    /// an error instead of waiting.
    /// </summary>
    /// <exception cref="IOException">Nothing is mounted there.</exception>
    public static void Abort(string directory)
    {
        var error = Linux.Unmount(directory, UnmountFlags.Force | UnmountFlags.Lazy | UnmountFlags.NoFollow);
        if (error != 0)
            throw Linux.Failed(error, $"cannot unmount \"{directory}\"");
    }

    /// <summary>Adds a file. The image is not disposed with this object, and has to be open as long as it is here.</summary>
    /// <param name="name">
    /// The name, at most 255 bytes. It must always mean the same bytes while the file system is mounted: the kernel keeps them.
    /// </param>
    /// <param name="image">The image.</param>
    /// <exception cref="ArgumentException">The name is none for a file, or is taken.</exception>
    public void Add(string name, LazyImage image)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(image);
        _files.Add(name, image);
    }

    /// <summary>Removes a file; false if there is none. Reads of it fail from then on, if something still has it open.</summary>
    public bool Remove(string name) => _files.Remove(name);

    /// <summary>The path of a file.</summary>
    public string PathOf(string name) => Path.Combine(Directory, name);

    /// <summary>Begins to serve. If the mount was taken over, the requests that the previous server did not answer come again.</summary>
    /// <exception cref="IOException">The kernel cannot send requests again (before Linux 6.9), or nothing is mounted any more.</exception>
    public void Start()
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            return;

        if (_isResumed)
            _device.AskAgain();
        _server.Start();
    }

    /// <summary>
    /// The state that a later server needs beside the descriptor, at most 64 bytes. It is there once the kernel has asked the
    /// first server, soon after <see cref="Start"/>, and never changes.
    /// </summary>
    public Task<byte[]> GetStateAsync(CancellationToken cancellationToken = default) => _state.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Stops to serve and closes the descriptor. If nobody else has it, the mount is dead; otherwise readers wait for the next
    /// server. Dispose the images afterwards.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        await _server.StopAsync().ConfigureAwait(false);
        _device.Dispose();
    }

    private void NoteSession()
    {
        SetReadAhead();
        _state.TrySetResult(_handler.Session!.Save());
    }

    // The kernel's own is 128 KiB. Without it, or without the right to set it, reads are only slower.
    private void SetReadAhead()
    {
        try
        {
            if (MountTable.Read().LastOrDefault(mount => mount.Directory == Directory) is { } mount)
                File.WriteAllText($"/sys/class/bdi/{mount.Device}/read_ahead_kb", $"{ReadAheadKilobytes}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing depends on it.
        }
    }
}
