using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Overlay;

/// <summary>The kernel's errors, and what exceptions they become.</summary>
internal static class Errno
{
    public const int NotPermitted = 1, NoSuchFile = 2, NoMemory = 12, AccessDenied = 13, Busy = 16, AlreadyExists = 17;
    public const int NotADirectory = 20, IsADirectory = 21, TooManyOpenFiles = 23, TooManyOpenFilesHere = 24;
    public const int NoSpaceLeft = 28, ReadOnlyFileSystem = 30, NotEmpty = 39, TooManyLinks = 40, QuotaExceeded = 122;

    /// <summary>Throws where there is an error.</summary>
    /// <param name="error">The error, or 0.</param>
    /// <param name="what">What failed, as the start of a sentence: <c>cannot make the directory "..."</c>.</param>
    public static void ThrowIfFailed(int error, string what)
    {
        if (error != 0)
            throw Failed(error, what);
    }

    /// <summary>
    /// The exception for an error: ResourceExhausted where something has run out, and otherwise an
    /// <see cref="IOException"/>, which reaches containerd as Unknown with its text.
    /// </summary>
    public static Exception Failed(int error, string what)
    {
        var message = $"{what}: {Text(error)}";
        return error is NoSpaceLeft or QuotaExceeded or NoMemory or TooManyOpenFiles or TooManyOpenFilesHere
            ? new SnapshotterException(SnapshotterError.ResourceExhausted, message, new Win32Exception(error))
            : new IOException(message, new Win32Exception(error));
    }

    /// <summary>The error in the kernel's words.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
