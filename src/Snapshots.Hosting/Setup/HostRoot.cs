using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;

namespace Containerd.Snapshots.Hosting.Setup;

/// <summary>The directory where a snapshotter keeps what it has; one process at a time has it.</summary>
internal sealed class HostRoot : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string LockName = ".lock";

    private readonly FileStream _lock;

    private HostRoot(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The path, absolute.</summary>
    public string Path { get; }

    /// <summary>Which directory it is, absolute.</summary>
    public static string PathOf(string option, string? name) =>
        System.IO.Path.GetFullPath(name is null ? option : System.IO.Path.Combine(option, name));

    /// <summary>Creates the directory where it is missing, and takes it for this process.</summary>
    /// <param name="option">What the command line gives, or null.</param>
    /// <param name="name">The snapshotter's name, or null for one that has the directory alone.</param>
    /// <exception cref="SetupException">It is not given, cannot be written, or is another process's.</exception>
    public static HostRoot Acquire(string? option, string? name)
    {
        if (string.IsNullOrEmpty(option))
            throw new SetupException("the option --root is missing: give the directory where the snapshotter keeps what it has");

        var path = PathOf(option, name);
        Create(path);
        try
        {
            return new(path, HostFiles.OpenAlone(System.IO.Path.Combine(path, LockName), OwnerOnly));
        }
        catch (Exception exception) when (HostFiles.IsTaken(exception))
        {
            throw new SetupException($"another server that is running uses the root directory \"{path}\": stop it, or choose another one", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot write in the root directory \"{path}\": {exception.Message}", exception);
        }
    }

    private static void Create(string path)
    {
        if (File.Exists(path))
            throw new SetupException($"the root \"{path}\" is a file, and no directory: move it away, or choose another one");

        try
        {
            HostFiles.CreateDirectory(path, OwnerOnly);
        }
        catch (FileNotFoundException exception)
        {
            // What mkdir answers in /proc.
            throw new SetupException($"cannot create the root directory \"{path}\": nothing can be created there: choose another one", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot create the root directory \"{path}\": {exception.Message}", exception);
        }
    }

    /// <summary>Gives the directory free.</summary>
    public void Dispose() => _lock.Dispose();
}
