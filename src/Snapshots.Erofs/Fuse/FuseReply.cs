using System.Buffers.Binary;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>Writes answers: <c>struct fuse_out_header</c> and what belongs to the opcode.</summary>
internal static class FuseReply
{
    /// <summary>The length of the header, in bytes.</summary>
    public const int HeaderLength = 16;

    /// <summary>The most bytes of an answer that has no content of a file or directory.</summary>
    public const int MaxFixedLength = HeaderLength + 128;

    private const uint DirectoryMode = 0x41C0, FileMode = 0x8100; // drwx------, -r--------
    private const int AttributesLength = 88, BlockLength = 4096;
    private const ulong Forever = 1_000_000_000; // Seconds: names and attributes never change.
    private const uint KeepsCache = 2; // FOPEN_KEEP_CACHE

    /// <summary>Writes the header.</summary>
    /// <param name="reply">The answer, header included.</param>
    /// <param name="id">The request's number.</param>
    /// <param name="error">An <see cref="Shared.Errno"/>, or 0.</param>
    /// <param name="length">The length of what follows.</param>
    /// <returns>The length of the answer.</returns>
    public static int WriteHeader(Span<byte> reply, ulong id, int error, int length = 0)
    {
        BinaryPrimitives.WriteInt32LittleEndian(reply, HeaderLength + length);
        BinaryPrimitives.WriteInt32LittleEndian(reply[4..], -error);
        BinaryPrimitives.WriteUInt64LittleEndian(reply[8..], id);
        return HeaderLength + length;
    }

    /// <summary><c>struct fuse_entry_out</c>.</summary>
    public static int WriteEntry(Span<byte> body, ulong node, long size)
    {
        body[..(40 + AttributesLength)].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(body, node);
        BinaryPrimitives.WriteUInt64LittleEndian(body[16..], Forever);
        BinaryPrimitives.WriteUInt64LittleEndian(body[24..], Forever);
        WriteAttributes(body[40..], node, size);
        return 40 + AttributesLength;
    }

    /// <summary><c>struct fuse_attr_out</c>.</summary>
    public static int WriteAttributeAnswer(Span<byte> body, ulong node, long size)
    {
        body[..(16 + AttributesLength)].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(body, Forever);
        WriteAttributes(body[16..], node, size);
        return 16 + AttributesLength;
    }

    /// <summary><c>struct fuse_open_out</c>: pages stay in the cache.</summary>
    public static int WriteOpen(Span<byte> body)
    {
        body[..16].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], KeepsCache);
        return 16;
    }

    /// <summary><c>struct fuse_statfs_out</c>: no space.</summary>
    public static int WriteStatistics(Span<byte> body)
    {
        body[..80].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(body[40..], BlockLength);
        BinaryPrimitives.WriteUInt32LittleEndian(body[44..], FuseFiles.MaxName);
        BinaryPrimitives.WriteUInt32LittleEndian(body[48..], BlockLength);
        return 80;
    }

    /// <summary><c>struct fuse_dirent</c> with its name, padded to 8 bytes. Returns 0 if there is no room.</summary>
    public static int WriteDirectoryEntry(Span<byte> body, ulong node, long next, ReadOnlySpan<byte> name)
    {
        const int RegularFile = 8; // DT_REG
        var length = (24 + name.Length + 7) / 8 * 8;
        if (length > body.Length)
            return 0;

        body[..length].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(body, node);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], next);
        BinaryPrimitives.WriteInt32LittleEndian(body[16..], name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body[20..], RegularFile);
        name.CopyTo(body[24..]);
        return length;
    }

    // struct fuse_attr
    private static void WriteAttributes(Span<byte> attributes, ulong node, long size)
    {
        var isRoot = node == FuseFiles.Root;
        BinaryPrimitives.WriteUInt64LittleEndian(attributes, node);
        BinaryPrimitives.WriteInt64LittleEndian(attributes[8..], size);
        BinaryPrimitives.WriteInt64LittleEndian(attributes[16..], (size + 511) / 512);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[60..], isRoot ? DirectoryMode : FileMode);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[64..], isRoot ? 2u : 1u);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[80..], BlockLength);
    }
}
