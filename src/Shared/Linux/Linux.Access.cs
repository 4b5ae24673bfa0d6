using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>What this process may do with a file.</content>
internal static partial class Linux
{
    private const int WriteAndEnter = 2 | 1; // W_OK, X_OK

    /// <summary>Whether this process may create files in a directory.</summary>
    public static bool CanWriteIn(string directory) => Access(directory, WriteAndEnter) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
