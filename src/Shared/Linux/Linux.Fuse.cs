using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <content>Mounts of file systems that a process serves.</content>
internal static partial class Linux
{
    private const nuint ReadOnlyNothingSpecial = 1 | 2 | 4 | 8; // MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC

    /// <summary>Mounts a FUSE file system, read-only and only for the user of this process. <see cref="Errno.NoDevice"/>: the kernel has no FUSE.</summary>
    /// <param name="source">The name that lists of mounts show.</param>
    /// <param name="directory">Where to mount it.</param>
    /// <param name="descriptor">The descriptor of the open file <c>/dev/fuse</c>.</param>
    /// <param name="maxRead">The most bytes of a read.</param>
    public static int MountFuse(string source, string directory, int descriptor, int maxRead) => Result(MountAt(
        source, directory, "fuse", ReadOnlyNothingSpecial, $"fd={descriptor},rootmode=40000,user_id={CurrentOwner.User},group_id={CurrentOwner.Group},max_read={maxRead}"));

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountAt(string source, string directory, string type, nuint flags, string options);
}
