using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Containerd.Snapshots.Hosting;

/// <summary>
/// The server's Unix socket. A lock on the file beside it decides who owns the path. A client sees either nothing or a
/// listening socket: it is bound and listened on under another name, then renamed into place, and its file is removed
/// before it stops listening (a client that finds no file retries at once, one that finds a dead file backs off).
/// </summary>
internal sealed class HostSocket : IDisposable
{
    private const int MaxPathBytes = 107; // sun_path has 108 bytes, and ends with a zero.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;
    private readonly string _temporaryPath;

    private HostSocket(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;

        // No longer than the path itself, which may be as long as a path can be.
        _temporaryPath = path[..^1] + (path.EndsWith('~') ? '_' : '~');
    }

    /// <summary>The path, absolute.</summary>
    public string Path { get; }

    /// <summary>Takes the path for this process.</summary>
    /// <exception cref="SetupException">It cannot be a socket's, or is someone else's.</exception>
    public static HostSocket Acquire(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        CheckPath(path);

        var @lock = Lock(path);
        try
        {
            CheckNobodyListens(path);
            return new HostSocket(path, @lock);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Binds the socket where no client looks yet, for its owner alone.</summary>
    public Socket Bind()
    {
        File.Delete(_temporaryPath);

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Linux.SetMode(socket.SafeHandle, OwnerOnly);
            socket.Bind(new UnixDomainSocketEndPoint(_temporaryPath));
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new SetupException($"cannot make the socket \"{Path}\": {exception.Message}", exception);
        }
    }

    /// <summary>Shows the socket, which listens, to clients. A stale file at the path goes.</summary>
    public void Publish() => File.Move(_temporaryPath, Path, overwrite: true);

    /// <summary>Hides the socket from new clients.</summary>
    public void Unpublish() => File.Delete(Path);

    /// <summary>Gives the path free. The lock file stays: removing it would race with the next owner.</summary>
    public void Dispose() => _lock.Dispose();

    private static void CheckPath(string path)
    {
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxPathBytes)
            throw new SetupException($"the socket's path \"{path}\" has {bytes} bytes, and Linux takes {MaxPathBytes} at most: choose a shorter one");

        var directory = System.IO.Path.GetDirectoryName(path);
        if (directory is null || System.IO.Path.GetFileName(path).Length == 0)
            throw new SetupException($"the socket's path \"{path}\" is a directory: add a file name");

        if (!Directory.Exists(directory))
            throw new SetupException($"the socket's directory \"{directory}\" does not exist: create it, for root alone");

        if (Linux.TypeOf(path) == FileType.Other)
            throw new SetupException($"\"{path}\" exists and is not a socket: remove it, or choose another path");
    }

    private static FileStream Lock(string path)
    {
        var lockPath = path + ".lock";
        try
        {
            return Linux.OpenAlone(lockPath, OwnerOnly);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SetupException($"cannot write \"{lockPath}\": {exception.Message}", exception);
        }
        catch (IOException exception) when (Linux.IsTaken(exception))
        {
            throw new SetupException(
                $"another server owns \"{path}\" and is running (it holds \"{lockPath}\"): stop it, or choose another path", exception);
        }
        catch (IOException exception)
        {
            throw new SetupException($"cannot write \"{lockPath}\": {exception.Message}", exception);
        }
    }

    private static void CheckNobodyListens(string path)
    {
        if (Linux.TypeOf(path) != FileType.Socket)
            return;

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return; // Stale: its server is gone.
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.WouldBlock)
        {
            throw new SetupException($"cannot tell whether a server listens on \"{path}\": {exception.Message}", exception);
        }

        throw new SetupException($"a server that is running listens on \"{path}\" already: stop it, or choose another path");
    }
}
