using System.Text;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Sockets;

/// <summary>Validates the path of a server's socket.</summary>
internal static class SocketPath
{
    private const int MaxBytes = 107; // sun_path has 108 bytes, including the zero at its end.
    private const string Scheme = "unix:";

    /// <summary>The error if no path was given.</summary>
    public static SetupException Missing() => new("the socket's path is missing: give the address from containerd's configuration");

    /// <summary>Validates that a socket can be created at a path on this machine.</summary>
    /// <returns>The absolute path.</returns>
    /// <exception cref="SetupException">The path cannot be used.</exception>
    public static string Validated(string path)
    {
        path = ValidatedText(path);
        var directory = Path.GetDirectoryName(path);
        if (!Directory.Exists(directory))
            throw new SetupException($"the socket's directory \"{directory}\" does not exist: create it with mode 0700");

        if (HostFiles.Look(path, LinkHandling.NoFollow) is { Type: not FileType.Socket })
            throw new SetupException($"\"{path}\" exists and is not a socket: remove it, or choose another path");

        return path;
    }

    /// <summary>Validates the text of a path, without looking at this machine's files.</summary>
    /// <returns>The absolute path.</returns>
    /// <exception cref="SetupException">The text cannot be a socket's path.</exception>
    public static string ValidatedText(string path)
    {
        if (path.Length == 0)
            throw new SetupException("the socket's path is empty");

        if (path.StartsWith(Scheme, StringComparison.Ordinal))
            throw new SetupException($"the socket's path \"{path}\" is an address: leave out \"{Scheme}\" or \"{Scheme}//\"");

        if (!path.AsSpan().ContainsAny('/', '.'))
            throw new SetupException($"\"{path}\" is neither a command ({CommandNames.Config}, {CommandNames.Check}) nor an option; if it is the socket's path, write \"./{path}\"");

        path = Path.GetFullPath(path);
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxBytes)
            throw new SetupException($"the socket's path \"{path}\" has {bytes} bytes, and Linux allows at most {MaxBytes}: choose a shorter path");

        if (Path.GetDirectoryName(path) is null || Path.GetFileName(path).Length == 0)
            throw new SetupException($"the socket's path \"{path}\" is a directory: add a file name");

        return path;
    }
}
