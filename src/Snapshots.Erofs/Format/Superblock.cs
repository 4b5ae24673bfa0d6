using System.Buffers.Binary;
using System.Numerics;

namespace Containerd.Snapshots.Erofs.Format;

/// <summary>The first block of an image, which the kernel reads first.</summary>
internal static class Superblock
{
    private const int Offset = 1024;

    private const uint Magic = 0xE0F5E1E2, HasChecksum = 1, HasChangeTimes = 2;

    /// <summary>Makes the block.</summary>
    /// <param name="inodes">The number of inodes.</param>
    /// <param name="metadata">Where the metadata begins in the image, in bytes; the root's inode is the first.</param>
    /// <param name="length">The length of the image, in bytes.</param>
    public static byte[] Make(long inodes, long metadata, long length)
    {
        var block = new byte[Blocks.Length];
        var super = block.AsSpan(Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(super, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(super[8..], HasChecksum | HasChangeTimes);
        super[12] = Blocks.Bits;
        BinaryPrimitives.WriteInt64LittleEndian(super[16..], inodes);
        BinaryPrimitives.WriteUInt32LittleEndian(super[36..], checked((uint)(length / Blocks.Length)));
        BinaryPrimitives.WriteUInt32LittleEndian(super[40..], checked((uint)(metadata / Blocks.Length)));
        BinaryPrimitives.WriteUInt32LittleEndian(super[4..], Checksum(super)); // Last: the field counts as zero.
        return block;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length > 0; bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));

        return sum;
    }
}
