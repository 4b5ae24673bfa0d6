using System.Net.Sockets;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>
/// The server's Unix socket. A lock on the file beside it decides who owns the path. A client sees either nothing or a
/// listening socket: it is bound and listened on under another name, then renamed into place, and its file is removed
/// before it stops listening (a client that finds no file retries at once, one that finds a dead file backs off).
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

        // A name of nobody else, by a path that is short however long the socket's own is.
        _temporaryPath = $"/proc/self/fd/{directory.DangerousGetHandle()}/.{Guid.NewGuid():N}";
    }

    /// <summary>The path, absolute.</summary>
    public string Path { get; }

    /// <summary>Takes the path for this process.</summary>
    /// <param name="path">Where clients will find it.</param>
    /// <param name="access">Who may connect.</param>
    /// <exception cref="SetupException">It cannot be a socket's, or is someone else's.</exception>
    public static HostSocket Acquire(string path, SocketAccess access)
    {
        path = SocketPath.Check(path);

        var @lock = Lock(path);
        try
        {
            CheckNobodyListens(path);
            return new HostSocket(path, access, @lock, HostFiles.OpenPath(System.IO.Path.GetDirectoryName(path)!, OpenFlags.Directory));
        }
        catch (Exception exception)
        {
            @lock.Dispose();
            throw exception is IOException ? CannotMake(path, exception) : exception;
        }
    }

    /// <summary>Binds the socket where no client looks, for its owner alone.</summary>
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
            throw CannotMake(Path, exception);
        }
    }

    /// <summary>Shows the socket, which listens, to clients. A stale file at the path goes.</summary>
    /// <returns>False if the host is to stop already.</returns>
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
                throw CannotMake(Path, exception);
            }
        }
    }

    /// <summary>Hides the socket from new clients, for good. What someone else has put at the path stays.</summary>
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

    /// <summary>Gives the path free. The lock file stays: removing it would race with the next owner.</summary>
    public void Dispose()
    {
        _directory.Dispose();
        _lock.Dispose();
    }

    /// <summary>
    /// Lets those in who may connect: the owners first, since the mode is meant for them. Both by the file itself, since
    /// its new owner may put something else under its name.
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
                $"another server owns \"{path}\" and is running (it holds \"{lockPath}\"): stop it, or choose another path", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot write \"{lockPath}\": {exception.Message}", exception);
        }
    }

    private static void CheckNobodyListens(string path)
    {
        if (HostFiles.Look(path, LinkHandling.NoFollow) is not null && IsListening(path))
            throw new SetupException($"a server that is running listens on \"{path}\" already: stop it, or choose another path");
    }

    /// <summary>Whether a server listens on a socket that is there, by knocking.</summary>
    /// <exception cref="SetupException">It cannot be told.</exception>
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
            throw new SetupException($"cannot tell whether a server listens on \"{path}\": {exception.Message}", exception);
        }

        return true;
    }

    private static SetupException CannotMake(string path, Exception cause) => new($"cannot make the socket \"{path}\": {cause.Message}", cause);
}
