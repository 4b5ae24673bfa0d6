using System.Buffers.Binary;

namespace Containerd.Snapshots.Erofs.Lazy;

/// <summary>A chunk in the table: its five numbers, little-endian, and its digest.</summary>
internal static class ChunkEntry
{
    /// <summary>The length, in bytes.</summary>
    public const int Length = 72;

    /// <summary>Writes a chunk.</summary>
    public static void Encode(in LazyChunk chunk, Span<byte> entry)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, chunk.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], chunk.BlobOffset);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], chunk.BlobEnd);
        BinaryPrimitives.WriteInt64LittleEndian(entry[24..], chunk.InnerOffset);
        BinaryPrimitives.WriteInt64LittleEndian(entry[32..], chunk.Length);
        chunk.Digest.CopyTo(entry[40..]);
    }

    /// <summary>Reads a chunk.</summary>
    public static LazyChunk Decode(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadInt64LittleEndian(entry),
        BinaryPrimitives.ReadInt32LittleEndian(entry[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(entry[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(entry[24..]),
        new(entry.Slice(40, ChunkDigest.Length)));

    /// <summary>Throws if a chunk cannot be, or does not follow another one.</summary>
    /// <exception cref="InvalidDataException">It cannot be.</exception>
    public static void ThrowIfImpossible(in LazyChunk chunk, long previousEnd, long imageLength)
    {
        if (chunk.Length is <= 0 or > LazyChunk.MaxLength)
            throw new InvalidDataException($"a chunk has {chunk.Length} bytes, and 1 to {LazyChunk.MaxLength} are possible");
        if (chunk.Offset < previousEnd)
            throw new InvalidDataException($"the chunk at {chunk.Offset} begins before the previous one ends, at {previousEnd}");
        if (chunk.Offset > imageLength - chunk.Length)
            throw new InvalidDataException($"the chunk at {chunk.Offset} ends behind the image, which has {imageLength} bytes");
        if (chunk.BlobOffset < 0 || chunk.BlobEnd <= chunk.BlobOffset || chunk.InnerOffset < 0)
            throw new InvalidDataException($"the chunk at {chunk.Offset} has an impossible place in the layer: {chunk.BlobOffset} to {chunk.BlobEnd}, {chunk.InnerOffset} bytes in");
    }
}
