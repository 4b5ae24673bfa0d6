using System.Runtime.InteropServices;
using System.Text;

namespace Containerd.Snapshots.Shared;

/// <content>Extended attributes.</content>
internal static partial class Linux
{
    private const int MaxAttributes = 64 << 10; // XATTR_LIST_MAX, XATTR_SIZE_MAX

    /// <summary>Reads the extended attributes of a file, not of what a link leads to. Those that cannot be read are left out.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> ReadAttributes(string path)
    {
        var names = new byte[MaxAttributes];
        var length = ListAttributes(path, names, names.Length);
        foreach (var name in Encoding.UTF8.GetString(names, 0, (int)Math.Max(0, length)).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = new byte[MaxAttributes];
            if (GetAttribute(path, name, value, value.Length) is >= 0 and var count)
                yield return new(name, value[..(int)count]);
        }
    }

    [LibraryImport("libc", EntryPoint = "llistxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ListAttributes(string path, Span<byte> names, nint length);

    [LibraryImport("libc", EntryPoint = "lgetxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, Span<byte> value, nint length);
}
