using System.Buffers.Binary;
using Containerd.Snapshots.Erofs.Tree;

namespace Containerd.Snapshots.Erofs.Format;

/// <summary>An inode of the extended format, which has full numbers and times.</summary>
internal static class InodeContent
{
    /// <summary>The length in bytes, without what follows.</summary>
    public const int Length = 64;

    private const ushort Extended = 1, Plain = 0 << 1, Inline = 2 << 1;

    private const uint NoBlock = uint.MaxValue;

    /// <summary>The number by which directories name an inode.</summary>
    public static long NumberOf(Inode inode) => inode.Position / Blocks.SlotLength;

    /// <summary>Writes the inode.</summary>
    /// <param name="placed">The inode and its place.</param>
    /// <param name="ordinal">Its number as <c>stat</c> shows it on 32-bit systems.</param>
    /// <param name="metadata">Where the metadata begins in the image, in bytes.</param>
    /// <param name="bytes">Where to write.</param>
    public static void Write(in Placed placed, uint ordinal, long metadata, Span<byte> bytes)
    {
        var inode = placed.Inode;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(Extended | (placed.IsInline ? Inline : Plain)));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], ExtendedAttributes.CountOf(placed.Attributes));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)(TypeBits(inode.Type) | (inode.Attributes.Mode & 0xFFF)));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], inode.Type == FileType.Regular ? inode.Size : placed.ContentLength);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], PlaceOf(placed, metadata));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], ordinal);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], inode.Attributes.UserId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], inode.Attributes.GroupId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], inode.Attributes.ModifiedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[40..], inode.Attributes.Nanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[44..], LinksOf(placed));
    }

    private static uint PlaceOf(in Placed placed, long metadata) => placed.Inode.Type switch
    {
        FileType.CharacterDevice or FileType.BlockDevice => placed.Inode.Device,
        FileType.Regular when placed.Inode.Size > 0 => BlockAt(placed.Inode.DataOffset),
        FileType.Directory or FileType.SymbolicLink when !placed.IsInline => BlockAt(metadata + placed.ContentPosition),
        _ => NoBlock,
    };

    private static uint BlockAt(long offset) => checked((uint)(offset / Blocks.Length));

    private static uint LinksOf(in Placed placed) =>
        placed.Names is null ? placed.Inode.Names : (uint)placed.Names.Count(entry => entry.File.Type == FileType.Directory && entry.Name != "..") + 1;

    private static int TypeBits(FileType type) => type switch
    {
        FileType.Regular => 0x8000,
        FileType.Directory => 0x4000,
        FileType.CharacterDevice => 0x2000,
        FileType.BlockDevice => 0x6000,
        FileType.Pipe => 0x1000,
        FileType.Socket => 0xC000,
        _ => 0xA000,
    };
}
