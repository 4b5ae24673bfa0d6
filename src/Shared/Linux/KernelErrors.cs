namespace Containerd.Snapshots.Shared;

/// <summary>What the kernel's errors mean to containerd.</summary>
internal static class KernelErrors
{
    /// <summary>Throws if there is an error.</summary>
    /// <param name="error">The error number, or 0.</param>
    /// <param name="what">What failed, as the start of a sentence: <c>cannot make the directory "..."</c>.</param>
    public static void ThrowIfFailed(int error, string what)
    {
        if (error != 0)
            throw Failed(error, what);
    }

    /// <summary>
    /// The exception for an error: ResourceExhausted if the system has run out of something, otherwise an
    /// <see cref="IOException"/>, which reaches containerd as Unknown with its text.
    /// </summary>
    public static Exception Failed(int error, string what)
    {
        var failed = Linux.Failed(error, what);
        return error is Errno.NoSpaceLeft or Errno.QuotaExceeded or Errno.NoMemory or Errno.TooManyOpenFiles or Errno.TooManyOpenFilesHere
            ? new SnapshotterException(SnapshotterError.ResourceExhausted, failed.Message, failed)
            : failed;
    }
}
