using Containerd.Snapshots.Erofs.Format;
using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs;

/// <summary>
/// Writes the files of one layer as an EROFS image, which the kernel mounts read-only. The layer's files are in the directory
/// <c>fs</c> of the image. The same files in the same order make the same bytes.
/// </summary>
/// <remarks>
/// <para>
/// Add the files in the order of the layer: a later file takes the place of an earlier one with the same path. The contents
/// of regular files are written by the caller, at any time, where <see cref="AddFile"/> says; <see cref="Finish"/> writes all
/// else.
/// </para>
/// <para>
/// Paths and the targets of links are bytes, as in Linux. Paths begin at the layer's root, with or without a slash. As when
/// containerd unpacks a layer, symbolic links to directories on the way are followed within the layer, and directories that
/// are missing are made, with mode 755 and the owner root. What cannot be a file's path is refused with an
/// <see cref="InvalidDataException"/>. The members are not thread-safe.
/// </para>
/// </remarks>
public sealed class ErofsWriter
{
    private const uint MaxMinor = (1 << 20) - 1, MaxMajor = (1 << 12) - 1;
    private const int MaxTarget = 4095, MaxListed = 1000, BufferLength = 256 << 10;

    private static readonly byte[] Opaque = "y"u8.ToArray();

    private readonly FileTree _tree = new();
    private readonly string _opaque;

    /// <summary>Begins an image.</summary>
    /// <param name="userNamespace">
    /// Whether overlay file systems in a user namespace use the image: opaque directories are marked with
    /// <c>user.overlay.opaque</c> then, otherwise with <c>trusted.overlay.opaque</c>.
    /// </param>
    public ErofsWriter(bool userNamespace = false) => _opaque = userNamespace ? "user.overlay.opaque" : "trusted.overlay.opaque";

    /// <summary>The number of files of all types, including the layer's root.</summary>
    public int Count => _tree.Count;

    /// <summary>Where the contents of the files end so far, in bytes from the start of the image.</summary>
    public long DataEnd { get; private set; } = Blocks.Length;

    /// <summary>About how many bytes of memory the files take.</summary>
    internal long Memory => _tree.Memory;

    /// <summary>The length of the metadata, in bytes, once the image is finished.</summary>
    internal long MetadataLength { get; private set; }

    /// <summary>Adds a directory, or changes the attributes of one that has been added.</summary>
    public void AddDirectory(ReadOnlySpan<byte> path, ErofsAttributes attributes)
    {
        _tree.PutDirectory(path, attributes);
        _tree.Take(SizeOf(attributes));
    }

    /// <summary>Adds a regular file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="size">The length of the content, in bytes.</param>
    /// <returns>Where the content belongs, in bytes from the start of the image.</returns>
    public long AddFile(ReadOnlySpan<byte> path, ErofsAttributes attributes, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var offset = DataEnd;
        if (size > (long)uint.MaxValue * Blocks.Length - offset)
            throw new InvalidDataException($"a file of {size} bytes makes the image longer than EROFS allows, 16 TiB");

        Put(path, new(FileType.Regular, attributes) { Size = size, DataOffset = offset });
        DataEnd = offset + Blocks.RoundUp(size);
        return offset;
    }

    /// <summary>Adds a symbolic link.</summary>
    /// <param name="path">The path.</param>
    /// <param name="attributes">The attributes. The mode is always 777.</param>
    /// <param name="target">What the link says, 1 to 4,095 bytes.</param>
    public void AddSymbolicLink(ReadOnlySpan<byte> path, ErofsAttributes attributes, ReadOnlySpan<byte> target)
    {
        if (target.Length is 0 or > MaxTarget || target.Contains((byte)0))
            throw new InvalidDataException($"a symbolic link has a target of {target.Length} bytes, or a zero in it: it needs 1 to {MaxTarget} bytes");

        Put(path, new(FileType.SymbolicLink, attributes with { Mode = 0x1FF }) { Target = target.ToArray() });
    }

    /// <summary>Adds one more name of a file that has been added.</summary>
    /// <param name="path">The path.</param>
    /// <param name="target">The path of the file, which is no directory. If it is a symbolic link, that is not followed.</param>
    /// <param name="attributes">New attributes of the file, under all its names; null to leave them.</param>
    public void AddHardLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target, ErofsAttributes? attributes = null)
    {
        var file = _tree.PutLink(path, target);
        if (attributes is not { } changed)
            return;

        file.Change(changed);
        _tree.Take(SizeOf(changed));
    }

    /// <summary>Adds a character device.</summary>
    public void AddCharacterDevice(ReadOnlySpan<byte> path, ErofsAttributes attributes, uint major, uint minor) =>
        AddDevice(path, FileType.CharacterDevice, attributes, major, minor);

    /// <summary>Adds a block device.</summary>
    public void AddBlockDevice(ReadOnlySpan<byte> path, ErofsAttributes attributes, uint major, uint minor) =>
        AddDevice(path, FileType.BlockDevice, attributes, major, minor);

    /// <summary>Adds a named pipe.</summary>
    public void AddPipe(ReadOnlySpan<byte> path, ErofsAttributes attributes) => Put(path, new(FileType.Pipe, attributes));

    /// <summary>
    /// Hides a file of the layers below, as overlay file systems do: with a character device 0:0. A file of this layer is not
    /// hidden but refused; another file may take the whiteout's place.
    /// </summary>
    public void AddWhiteout(ReadOnlySpan<byte> path, ErofsAttributes attributes) =>
        _tree.PutWhiteout(path, new(FileType.CharacterDevice, attributes with { Mode = 0 }));

    /// <summary>Hides all files that the layers below have in a directory, which is made if it is missing.</summary>
    public void HideBelow(ReadOnlySpan<byte> directory) => _tree.DirectoryAt(directory).SetAttribute(_opaque, Opaque);

    /// <summary>
    /// Writes the metadata behind the contents, and the first block. The image is complete then, if all contents are; it is
    /// not synced.
    /// </summary>
    /// <param name="image">The file of the image, which can be written at any position.</param>
    /// <exception cref="InvalidDataException">
    /// A directory was replaced, and nothing is in its place; containerd refuses such layers. Or the metadata is too long.
    /// </exception>
    public void Finish(Stream image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _tree.Complete();
        var layout = new Layout(_tree.Top);
        MetadataLength = layout.Length;
        if ((DataEnd + layout.Length) / Blocks.Length > uint.MaxValue)
            throw new InvalidDataException("the image is longer than EROFS allows, 16 TiB");

        image.Position = DataEnd;
        var buffer = new BufferedStream(image, BufferLength); // Not disposed: that would close the image.
        new MetadataWriter(buffer, DataEnd).Write(layout);
        buffer.Flush();

        image.Position = 0;
        image.Write(Superblock.Make(layout.Inodes.Count, DataEnd, DataEnd + layout.Length));
        image.Flush();
    }

    /// <summary>Removes what is at a path, with all that is in it.</summary>
    internal void Remove(ReadOnlySpan<byte> path) => _tree.Remove(path);

    /// <summary>Gives the directories that no entry describes the attributes of the layers below.</summary>
    /// <returns>The paths of the first of them.</returns>
    internal async ValueTask<IReadOnlyList<string>> DescribeImpliedAsync(
        Func<string, CancellationToken, ValueTask<ErofsAttributes?>>? find, CancellationToken cancellationToken)
    {
        List<string> listed = [];
        foreach (var (path, directory) in _tree.ImpliedDirectories())
        {
            if (listed.Count < MaxListed)
                listed.Add(path);
            else if (find is null)
                break;

            if (find is not null && await find(path, cancellationToken).ConfigureAwait(false) is { } attributes)
                directory.Change(attributes with { ExtendedAttributes = [.. (attributes.ExtendedAttributes ?? []).Where(each => !each.Key.StartsWith("trusted.", StringComparison.Ordinal))] });
        }

        return listed;
    }

    private static long SizeOf(ErofsAttributes attributes)
    {
        var size = 0L;
        foreach (var (name, value) in attributes.ExtendedAttributes ?? [])
            size += 100 + (2 * name.Length) + value.Length;

        return size;
    }

    private void Put(ReadOnlySpan<byte> path, Inode file)
    {
        _tree.Put(path, file);
        _tree.Take(SizeOf(file.Attributes) + file.Target.Length);
    }

    private void AddDevice(ReadOnlySpan<byte> path, FileType type, ErofsAttributes attributes, uint major, uint minor)
    {
        if (major > MaxMajor || minor > MaxMinor)
            throw new InvalidDataException($"a device has the number {major}:{minor}, and Linux allows up to {MaxMajor}:{MaxMinor}");

        var device = (minor & 0xFF) | (major << 8) | ((minor & ~0xFFu) << 12);
        Put(path, new(type, attributes) { Device = device });
    }
}
