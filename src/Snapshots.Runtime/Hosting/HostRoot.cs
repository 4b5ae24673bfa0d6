namespace Containerd.Snapshots.Hosting;

/// <summary>The directory where a snapshotter keeps what it has.</summary>
internal static class HostRoot
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the directory where it is missing, and sees that it can be written.</summary>
    /// <param name="option">What the command line gives, or null.</param>
    /// <param name="name">The snapshotter's name, or null for one that has the directory alone.</param>
    /// <returns>The directory's absolute path.</returns>
    public static string Create(string? option, string? name)
    {
        if (option is null)
            throw new SetupException("the option --root is missing: give the directory where the snapshotter keeps what it has");

        var root = Path.GetFullPath(name is null ? option : Path.Combine(option, name));
        try
        {
            Linux.CreateDirectory(root, OwnerOnly);
            CheckWritable(root);
            return root;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot write in the root directory \"{root}\": {exception.Message}", exception);
        }
    }

    private static void CheckWritable(string directory)
    {
        var probe = Path.Combine(directory, $".{Guid.NewGuid():N}");
        using (File.Create(probe, bufferSize: 0, FileOptions.DeleteOnClose))
        {
        }
    }
}
