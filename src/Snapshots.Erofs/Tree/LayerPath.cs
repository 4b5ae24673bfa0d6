using System.Text;

namespace Containerd.Snapshots.Erofs.Tree;

/// <summary>Paths of a layer: bytes, which are characters of Latin-1 in text, so that each byte stays what it is.</summary>
internal static class LayerPath
{
    /// <summary>The most bytes of a path and of a name, as in Linux.</summary>
    public const int MaxLength = 4096, MaxName = 255;

    /// <summary>Cleans a path by its text alone, as Go's <c>filepath.Clean</c> does: it begins at the root, and cannot leave it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="buffer">Memory for <see cref="MaxLength"/> bytes.</param>
    /// <returns>Names with single slashes between them; empty for the root.</returns>
    /// <exception cref="InvalidDataException">The path is too long or has a zero in it.</exception>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        if (path.Length > MaxLength || path.Contains((byte)0))
            throw new InvalidDataException($"the path \"{Show(path)}\" is longer than {MaxLength} bytes or has a zero in it");

        var length = 0;
        foreach (var range in path.Split((byte)'/'))
        {
            var name = path[range];
            if (name.IsEmpty || name.SequenceEqual("."u8))
                continue;
            if (name.SequenceEqual(".."u8))
            {
                length = Math.Max(buffer[..length].LastIndexOf((byte)'/'), 0);
                continue;
            }

            if (length > 0)
                buffer[length++] = (byte)'/';

            name.CopyTo(buffer[length..]);
            length += name.Length;
        }

        return buffer[..length];
    }

    /// <summary>Cleans a path.</summary>
    /// <inheritdoc cref="Clean(ReadOnlySpan{byte}, Span{byte})"/>
    public static string Clean(string path)
    {
        if (path.Length > MaxLength)
            throw new InvalidDataException($"the path \"{path[..100]}...\", which links lead to, is longer than {MaxLength} bytes");

        Span<byte> bytes = stackalloc byte[MaxLength], buffer = stackalloc byte[MaxLength];
        return Encoding.Latin1.GetString(Clean(bytes[..Encoding.Latin1.GetBytes(path, bytes)], buffer));
    }

    /// <summary>Splits a clean path into that of the directory, empty for the root, and the name in it.</summary>
    public static (int DirectoryLength, int NameStart) Split(ReadOnlySpan<byte> clean) =>
        clean.LastIndexOf((byte)'/') is >= 0 and var slash ? (slash, slash + 1) : (0, 0);

    /// <exception cref="InvalidDataException">The name is too long.</exception>
    public static void CheckName(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxName)
            throw new InvalidDataException($"the name \"{Show(name[..40])}...\" has {name.Length} bytes, and Linux allows {MaxName}");
    }

    /// <summary>A path as text for people, cut if it is long.</summary>
    public static string Show(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path.Length > 200 ? path[..200] : path);
}
