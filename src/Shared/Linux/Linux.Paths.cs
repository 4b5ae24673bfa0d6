using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Containerd.Snapshots.Shared;

/// <content>The status of a file by its path.</content>
internal static partial class Linux
{
    private static readonly SafeFileHandle CurrentDirectory = new(-100, ownsHandle: false); // AT_FDCWD

    /// <summary>Gets the status of the file at a path.</summary>
    public static int Look(string path, LinkHandling links, out FileStatus status)
    {
        const int MostOnStack = 512;
        var most = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        var name = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        return Look(CurrentDirectory, name, (int)links, out status);
    }
}

/// <summary>Whether a call that gets a link's path acts on the link or on its target.</summary>
internal enum LinkHandling
{
    Follow = 0,
    NoFollow = 0x100, // AT_SYMLINK_NOFOLLOW
}
