using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Format;

/// <summary>
/// Where each inode and each directory lies in the metadata. Inodes come first, a directory's before those in it, then the
/// directories that do not fit behind their inode.
/// </summary>
internal sealed class Layout
{
    private readonly List<Placed> _inodes = [];
    private long _end;

    public Layout(Inode root)
    {
        PlaceAll(root);
        _end = Blocks.RoundUp(_end);
        foreach (ref var placed in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_inodes))
        {
            if (placed.IsInline || placed.ContentLength == 0 || placed.Inode.Type == FileType.Regular)
                continue;

            placed.ContentPosition = _end;
            _end += Blocks.RoundUp(placed.ContentLength);
        }
    }

    /// <summary>The inodes in the order of their positions.</summary>
    public IReadOnlyList<Placed> Inodes => _inodes;

    /// <summary>The length of the metadata in bytes: whole blocks.</summary>
    public long Length => _end;

    // Depth first, by names: what is read together lies together. No recursion, since paths can be deep.
    private void PlaceAll(Inode root)
    {
        var rest = new Stack<Inode>([root]);
        while (rest.TryPop(out var inode))
        {
            if (inode.Position >= 0)
                continue; // By another name.

            var names = inode.Files is null ? null : DirectoryContent.Sorted(inode);
            Place(inode, names);
            for (var i = names?.Length - 1 ?? -1; i >= 0; i--)
            {
                if (names![i].File.Position < 0)
                    rest.Push(names[i].File);
            }
        }
    }

    private void Place(Inode inode, DirectoryEntry[]? names)
    {
        var attributes = ExtendedAttributes.Encode(inode.Attributes.ExtendedAttributes);
        var content = inode.Type switch
        {
            FileType.Directory => DirectoryContent.LengthOf(names!),
            FileType.SymbolicLink => inode.Target.Length,
            _ => 0,
        };

        // What follows the inode is in the same block.
        var head = InodeContent.Length + attributes.Length;
        var isInline = content > 0 && head + content <= Blocks.Length;
        var length = head + (isInline ? content : 0);
        if (_end % Blocks.Length + length > Blocks.Length)
            _end = Blocks.RoundUp(_end);

        inode.Position = _end;
        _inodes.Add(new(inode, names, attributes, content, isInline));
        _end += (length + Blocks.SlotLength - 1) / Blocks.SlotLength * Blocks.SlotLength;
    }
}

/// <summary>An inode with what it takes in the metadata.</summary>
/// <param name="Inode">The inode.</param>
/// <param name="Names">The sorted entries of a directory; null for other types.</param>
/// <param name="Attributes">The encoded extended attributes.</param>
/// <param name="ContentLength">The length of a directory or a link's target; 0 for other types.</param>
/// <param name="IsInline">Whether the content follows the inode.</param>
internal record struct Placed(Inode Inode, DirectoryEntry[]? Names, byte[] Attributes, long ContentLength, bool IsInline)
{
    /// <summary>Where other content begins in the metadata, in bytes.</summary>
    public long ContentPosition { get; set; }
}
