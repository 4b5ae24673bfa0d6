using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Format;

/// <summary>Writes the metadata from its start to its end.</summary>
/// <param name="stream">Takes the metadata.</param>
/// <param name="metadata">Where the metadata begins in the image, in bytes.</param>
internal sealed class MetadataWriter(Stream stream, long metadata)
{
    private static readonly byte[] Zeros = new byte[Blocks.Length];

    private long _position;

    public void Write(Layout layout)
    {
        uint ordinal = 0;
        foreach (var placed in layout.Inodes)
        {
            FillTo(placed.Inode.Position);
            WriteInode(placed, ++ordinal);
        }

        foreach (var placed in layout.Inodes)
        {
            if (placed.ContentPosition == 0)
                continue;

            FillTo(placed.ContentPosition);
            WriteContent(placed);
        }

        FillTo(layout.Length);
    }

    private void WriteInode(in Placed placed, uint ordinal)
    {
        Span<byte> inode = stackalloc byte[InodeContent.Length];
        inode.Clear();
        InodeContent.Write(placed, ordinal, metadata, inode);
        stream.Write(inode);
        stream.Write(placed.Attributes);
        _position += inode.Length + placed.Attributes.Length;
        if (placed.IsInline)
            WriteContent(placed);
    }

    private void WriteContent(in Placed placed)
    {
        if (placed.Names is { } names)
            DirectoryContent.Write(names, stream);
        else
            stream.Write(placed.Inode.Target);

        _position += placed.ContentLength;
    }

    private void FillTo(long position)
    {
        for (; _position < position; _position += Math.Min(Zeros.Length, position - _position))
            stream.Write(Zeros, 0, (int)Math.Min(Zeros.Length, position - _position));
    }
}
