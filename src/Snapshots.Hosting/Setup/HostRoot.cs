using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;

namespace Containerd.Snapshots.Hosting.Setup;

/// <summary>A snapshotter's data directory, which only one process at a time uses.</summary>
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

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Returns the absolute path of a snapshotter's root directory.</summary>
    public static string PathOf(string option, string? name) =>
        System.IO.Path.GetFullPath(name is null ? option : System.IO.Path.Combine(option, name));

    /// <summary>Creates the directory if it is missing, and locks it for this process.</summary>
    /// <param name="option">The value of <c>--root</c>, or null if it was not given.</param>
    /// <param name="name">The snapshotter's name, or null if it has none and uses the directory itself.</param>
    /// <exception cref="SetupException">The option is missing, the directory cannot be written, or another process uses it.</exception>
    public static HostRoot Acquire(string? option, string? name)
    {
        if (string.IsNullOrEmpty(option))
            throw new SetupException("the option --root is missing: give the snapshotter's data directory");

        var path = PathOf(option, name);
        Create(path);
        try
        {
            return new(path, HostFiles.OpenAlone(System.IO.Path.Combine(path, LockName), OwnerOnly));
        }
        catch (Exception exception) when (HostFiles.IsTaken(exception))
        {
            throw new SetupException($"another running server uses the root directory \"{path}\": stop it, or choose another directory", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot write in the root directory \"{path}\": {exception.Message}", exception);
        }
    }

    private static void Create(string path)
    {
        if (File.Exists(path))
            throw new SetupException($"the root \"{path}\" is not a directory: move it away, or choose another directory");

        try
        {
            HostFiles.CreateDirectory(path, OwnerOnly);
        }
        catch (FileNotFoundException exception)
        {
            // The result of mkdir in /proc.
            throw new SetupException($"cannot create the root directory \"{path}\": nothing can be created there; choose another directory", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot create the root directory \"{path}\": {exception.Message}", exception);
        }
    }

    /// <summary>Releases the directory.</summary>
    public void Dispose() => _lock.Dispose();
}
