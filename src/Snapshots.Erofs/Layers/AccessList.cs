using System.Buffers.Binary;

namespace Containerd.Snapshots.Erofs.Layers;

/// <summary>
/// A POSIX access list as the kernel's extended attributes have it: a version, then entries of 8 bytes with tag, permissions
/// and id, in the order of the tags.
/// </summary>
internal static class AccessList
{
    private const int HeaderLength = 4, EntryLength = 8;
    private const uint Version = 2;
    private const int Owner = 0x01, User = 0x02, OwningGroup = 0x04, Group = 0x08, Mask = 0x10, Other = 0x20;

    /// <summary>Whether the kernel takes it.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderLength || (value.Length - HeaderLength) % EntryLength != 0 || BinaryPrimitives.ReadUInt32LittleEndian(value) != Version)
            return false;

        var (seen, last) = (0, 0);
        for (var rest = value[HeaderLength..]; rest.Length > 0; rest = rest[EntryLength..])
        {
            var (tag, permissions) = (BinaryPrimitives.ReadUInt16LittleEndian(rest), BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]));
            if (tag is not (Owner or User or OwningGroup or Group or Mask or Other) || permissions > 7)
                return false;

            // Tags ascend; only those of named users and groups come several times.
            if (tag < last || (tag == last && tag is not (User or Group)))
                return false;

            (seen, last) = (seen | tag, tag);
        }

        var hasNamed = (seen & (User | Group)) != 0;
        return (seen & (Owner | OwningGroup | Other)) == (Owner | OwningGroup | Other) && (!hasNamed || (seen & Mask) != 0);
    }
}
