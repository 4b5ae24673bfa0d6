using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>
/// The server's Unix socket. The process that holds a lock on the file beside it owns the path. A client sees either no file
/// or a listening socket: the socket is bound and starts to listen under another name and is then renamed, and its file is
/// removed before it stops listening (a client that finds no file retries at once, one that finds a stale file backs off).
/// </summary>
internal sealed class HostSocket : IServerSocket
{
    private readonly FileStream _lock;
    private readonly SafeFileHandle _directory;
    private readonly string _temporaryPath;
    private readonly UnixFileMode _mode;
    private readonly uint? _user, _group;
    private readonly Lock _publishing = new();
    private FileIdentity? _published;
    private bool _stopped;

    private HostSocket(string path, SocketAccess access, FileStream @lock, SafeFileHandle directory)
    {
        Path = path;
        _mode = access.Mode;
        _user = access.User is { } user ? Accounts.FindUser(user) : null;
        _group = access.Group is { } group ? Accounts.FindGroup(group) : null;
        _lock = @lock;
        _directory = directory;

        // A unique name, by a path that is short even if the socket's own path is long.
        _temporaryPath = $"/proc/self/fd/{directory.DangerousGetHandle()}/.{Guid.NewGuid():N}";
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Acquires the path for this process.</summary>
    /// <param name="path">The path that clients connect to.</param>
    /// <param name="access">Who may connect.</param>
    /// <exception cref="SetupException">The path cannot be used for a socket, or another process uses it.</exception>
    public static HostSocket Acquire(string path, SocketAccess access)
    {
        path = SocketPath.Validated(path);

        var @lock = Lock(path);
        try
        {
            ThrowIfInUse(path);
            return new HostSocket(path, access, @lock, HostFiles.OpenPath(System.IO.Path.GetDirectoryName(path)!, OpenFlags.Directory));
        }
        catch (Exception exception)
        {
            @lock.Dispose();
            throw exception is IOException ? CannotCreate(path, exception) : exception;
        }
    }

    /// <summary>Binds the socket under a temporary name, with access for its owner only.</summary>
    public Socket Bind()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            HostFiles.SetMode(socket.SafeHandle, SocketAccess.OwnerOnly);
            socket.Bind(new UnixDomainSocketEndPoint(_temporaryPath));
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw CannotCreate(Path, exception);
        }
    }

    /// <summary>Shows the listening socket to clients. Replaces a stale file at the path.</summary>
    /// <returns>False if <see cref="Unpublish"/> was called before.</returns>
    public bool Publish()
    {
        lock (_publishing)
        {
            if (_stopped)
                return false;

            try
            {
                Open();
                var identity = HostFiles.Look(_temporaryPath, LinkHandling.NoFollow)?.Identity;
                File.Move(_temporaryPath, Path, overwrite: true);
                _published = identity;
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw CannotCreate(Path, exception);
            }
        }
    }

    /// <summary>Hides the socket from new clients permanently. A file that another program put at the path stays.</summary>
    public void Unpublish()
    {
        lock (_publishing)
        {
            _stopped = true;
            if (_published is null || HostFiles.Look(Path, LinkHandling.NoFollow) is not { Type: FileType.Socket } file || file.Identity != _published)
                return;

            File.Delete(Path);
            _published = null;
        }
    }

    /// <summary>Releases the path. The lock file stays: removing it would race with the next owner.</summary>
    public void Dispose()
    {
        _directory.Dispose();
        _lock.Dispose();
    }

    /// <summary>
    /// Sets the owners, then the mode, which applies to these owners. Both act on the open file: its new owner could put
    /// another file under its name.
    /// </summary>
    private void Open()
    {
        using var file = HostFiles.OpenPath(_temporaryPath, OpenFlags.NoFollow);
        if (_user is not null || _group is not null)
            HostFiles.SetOwner(file, _user, _group);

        if (_mode != SocketAccess.OwnerOnly)
            HostFiles.SetMode($"/proc/self/fd/{file.DangerousGetHandle()}", _mode);
    }

    private static FileStream Lock(string path)
    {
        var lockPath = path + ".lock";
        try
        {
            return HostFiles.OpenAlone(lockPath, SocketAccess.OwnerOnly);
        }
        catch (Exception exception) when (HostFiles.IsTaken(exception))
        {
            throw new SetupException(
                $"another running server owns \"{path}\" (it holds the lock \"{lockPath}\"): stop it, or choose another path", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot write \"{lockPath}\": {exception.Message}", exception);
        }
    }

    private static void ThrowIfInUse(string path)
    {
        if (HostFiles.Look(path, LinkHandling.NoFollow) is not null && IsListening(path))
            throw new SetupException($"another running server listens on \"{path}\": stop it, or choose another path");
    }

    /// <summary>Returns whether a server listens on an existing socket, by connecting to it.</summary>
    /// <exception cref="SetupException">The attempt to connect failed for another reason.</exception>
    public static bool IsListening(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false; // Stale: its server is gone.
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.WouldBlock)
        {
            throw new SetupException($"cannot find out whether a server listens on \"{path}\": {exception.Message}", exception);
        }

        return true;
    }

    private static SetupException CannotCreate(string path, Exception cause) => new($"cannot create the socket \"{path}\": {cause.Message}", cause);
}
