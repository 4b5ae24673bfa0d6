using System.Text;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>What the path of a server's socket may be.</summary>
internal static class SocketPath
{
    private const int MaxBytes = 107; // sun_path has 108 bytes, and ends with a zero.
    private const string Scheme = "unix:";

    /// <summary>That no path is given.</summary>
    public static SetupException Missing() => new("the socket's path is missing: give the address of containerd's configuration");

    /// <summary>Sees that a socket can be made at a path.</summary>
    /// <returns>The path, absolute.</returns>
    /// <exception cref="SetupException">It cannot.</exception>
    public static string Check(string path)
    {
        path = CheckText(path);
        var directory = Path.GetDirectoryName(path);
        if (!Directory.Exists(directory))
            throw new SetupException($"the socket's directory \"{directory}\" does not exist: create it, for root alone");

        if (HostFiles.Look(path, LinkHandling.NoFollow) is { Type: not FileType.Socket })
            throw new SetupException($"\"{path}\" exists and is not a socket: remove it, or choose another path");

        return path;
    }

    /// <summary>Sees that a path can be a socket's, on whatever machine.</summary>
    /// <returns>The path, absolute.</returns>
    /// <exception cref="SetupException">It cannot.</exception>
    public static string CheckText(string path)
    {
        if (path.Length == 0)
            throw new SetupException("the socket's path is empty");

        if (path.StartsWith(Scheme, StringComparison.Ordinal))
            throw new SetupException($"the socket's path is given as an address, \"{path}\": leave out \"{Scheme}\" and the slashes that belong to it");

        if (!path.AsSpan().ContainsAny('/', '.'))
            throw new SetupException($"\"{path}\" is no command ({CommandNames.Config}, {CommandNames.Check}) and no option, and as a socket's path it has to be written \"./{path}\"");

        path = Path.GetFullPath(path);
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxBytes)
            throw new SetupException($"the socket's path \"{path}\" has {bytes} bytes, and Linux takes {MaxBytes} at most: choose a shorter one");

        if (Path.GetDirectoryName(path) is null || Path.GetFileName(path).Length == 0)
            throw new SetupException($"the socket's path \"{path}\" is a directory: add a file name");

        return path;
    }
}
