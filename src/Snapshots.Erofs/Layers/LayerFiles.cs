using Containerd.Snapshots.Erofs.Tar;
using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>Adds the entries of a layer's archive to an image, as containerd's unpacking does.</summary>
/// <param name="writer">The image.</param>
/// <param name="options">The limits, and whether overlay file systems in a user namespace use the image.</param>
internal sealed class LayerFiles(ErofsWriter writer, ErofsLayerOptions options)
{
    private const uint MajorBits = 0xFFF, MinorBits = 0xFFFFF; // Of a device's number; containerd's call cuts others off.

    private static ReadOnlySpan<byte> Whiteout => ".wh."u8;

    private static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;

    /// <summary>Adds a file.</summary>
    /// <returns>Where its content belongs in the image, or null if it has none.</returns>
    /// <exception cref="InvalidDataException">The entry cannot be a file, or there are too many.</exception>
    public long? Add(TarEntry entry)
    {
        var offset = Put(entry);
        ThrowIfTooMuch();
        return offset;
    }

    private long? Put(TarEntry entry)
    {
        Span<byte> buffer = stackalloc byte[LayerPath.MaxLength];
        var path = LayerPath.Clean(entry.Path.Span, buffer);
        if (path.IsEmpty)
            return null; // The layer's root.

        var (directory, start) = LayerPath.Split(path);
        var name = path[start..];
        if (name.SequenceEqual(Opaque))
            writer.HideBelow(path[..directory]);
        else if (name.StartsWith(Whiteout))
            AddWhiteout(entry, path, start);
        else
            return AddFile(entry, path);

        return null;
    }

    // containerd sets the owner, and no other attributes.
    private void AddWhiteout(TarEntry entry, ReadOnlySpan<byte> path, int start)
    {
        var name = path[(start + Whiteout.Length)..];
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            throw new InvalidDataException($"the layer has a whiteout without the name of a file: \"{LayerPath.Show(path)}\"");

        writer.AddWhiteout([.. path[..start], .. name], EntryAttributes.Of(entry, options.UserNamespace) with { ExtendedAttributes = null });
    }

    private long? AddFile(TarEntry entry, ReadOnlySpan<byte> path)
    {
        if (entry.Type == TarType.GlobalRecords)
        {
            writer.Remove(path); // As containerd, which makes room for the entry, and then no file.
            return null;
        }

        var attributes = EntryAttributes.Of(entry, options.UserNamespace);
        switch (entry.Type)
        {
            case TarType.Directory:
                writer.AddDirectory(path, attributes);
                return null;
            case TarType.Regular:
                return writer.AddFile(path, attributes, entry.Size);
            case TarType.HardLink:
                writer.AddHardLink(path, entry.Target.Span, attributes);
                return null;
            case TarType.SymbolicLink:
                writer.AddSymbolicLink(path, attributes, entry.Target.Span);
                return null;
            case TarType.CharacterDevice:
                writer.AddCharacterDevice(path, attributes, (uint)entry.Major & MajorBits, (uint)entry.Minor & MinorBits);
                return null;
            case TarType.BlockDevice:
                writer.AddBlockDevice(path, attributes, (uint)entry.Major & MajorBits, (uint)entry.Minor & MinorBits);
                return null;
            case TarType.Pipe:
                writer.AddPipe(path, attributes);
                return null;
            default:
                throw new InvalidDataException($"the layer's entry \"{LayerPath.Show(path)}\" has the type {(int)entry.Type}, which containerd does not unpack either");
        }
    }

    private void ThrowIfTooMuch()
    {
        if (writer.Count > options.MaxFiles)
            throw new InvalidDataException($"the layer has more than {options.MaxFiles} files, which is the limit");
        if (writer.Memory > options.MaxMemory)
            throw new InvalidDataException($"the names and attributes of the layer's files take more than {options.MaxMemory} bytes of memory, which is the limit");
    }
}
