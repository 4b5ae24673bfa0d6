using Containerd.Snapshots.Erofs.Tar;
using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Adds the entries of a layer's archive to an image, as containerd's unpacking does.</summary>
internal static class LayerFiles
{
    private const string Whiteout = ".wh.", Opaque = ".wh..wh..opq";

    /// <summary>Adds a file.</summary>
    /// <returns>Where its content belongs in the image, or null if it has none.</returns>
    /// <exception cref="InvalidDataException">The entry cannot be a file.</exception>
    public static long? Add(TarEntry entry, ErofsWriter writer)
    {
        var names = FileTree.Clean(entry.Path);
        if (names is [])
            return null; // The layer's root.

        var (directory, name) = (FileTree.Join(names.SkipLast(1)), names[^1]);
        var attributes = AttributesOf(entry);
        if (name == Opaque)
            writer.HideBelow(directory);
        else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
            writer.AddWhiteout(FileTree.Join([.. names.SkipLast(1), Hidden(name)]), attributes);
        else
            return Add(entry, attributes, writer);

        return null;
    }

    private static long? Add(TarEntry entry, ErofsAttributes attributes, ErofsWriter writer)
    {
        switch (entry.Type)
        {
            case TarType.OldRegular when entry.Path is [.., (byte)'/']:
            case TarType.Directory:
                writer.AddDirectory(entry.Path, attributes);
                return null;
            case TarType.Regular or TarType.OldRegular or TarType.Contiguous or TarType.GnuSparse:
                return writer.AddFile(entry.Path, attributes, entry.Size);
            case TarType.HardLink:
                writer.AddHardLink(entry.Path, entry.Target, attributes);
                return null;
            case TarType.SymbolicLink:
                writer.AddSymbolicLink(entry.Path, attributes, entry.Target);
                return null;
            case TarType.CharacterDevice:
                writer.AddCharacterDevice(entry.Path, attributes, Number(entry.Major), Number(entry.Minor));
                return null;
            case TarType.BlockDevice:
                writer.AddBlockDevice(entry.Path, attributes, Number(entry.Major), Number(entry.Minor));
                return null;
            case TarType.Pipe:
                writer.AddPipe(entry.Path, attributes);
                return null;
            default:
                throw new InvalidDataException($"the layer has an entry of the unknown type {(int)entry.Type}");
        }
    }

    private static ErofsAttributes AttributesOf(TarEntry entry)
    {
        // As containerd, which sets times that nanoseconds since 1970 cannot express in 63 bits to 1970.
        var (seconds, nanoseconds) = entry.ModifiedAt.Seconds is >= 0 and < long.MaxValue / 1_000_000_000 ? entry.ModifiedAt : (0, 0);
        return new(entry.Mode, Number(entry.UserId), Number(entry.GroupId), seconds, nanoseconds)
        {
            ExtendedAttributes = CanHaveUserAttributes(entry.Type)
                ? entry.ExtendedAttributes
                : [.. entry.ExtendedAttributes.Where(each => !each.Key.StartsWith("user.", StringComparison.Ordinal))],
        };
    }

    private static bool CanHaveUserAttributes(TarType type) =>
        type is TarType.Regular or TarType.OldRegular or TarType.Contiguous or TarType.GnuSparse or TarType.Directory or TarType.HardLink;

    private static uint Number(long number) => number is >= 0 and <= uint.MaxValue
        ? (uint)number
        : throw new InvalidDataException($"the layer has an owner or a device with the number {number}");

    private static string Hidden(string name) => name[Whiteout.Length..] is not ("" or "." or "..") and var hidden
        ? hidden
        : throw new InvalidDataException("the layer has a whiteout without the name of a file");
}
