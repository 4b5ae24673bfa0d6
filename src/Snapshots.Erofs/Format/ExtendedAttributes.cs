using System.Buffers.Binary;
using System.Text;

namespace Containerd.Snapshots.Erofs.Format;

/// <summary>The extended attributes of an inode, which follow it: a header, then names and values, each padded to 4 bytes.</summary>
internal static class ExtendedAttributes
{
    private const int HeaderLength = 12, EntryLength = 4, Unit = 4, MaxName = 255;

    // The names of ACLs stand for themselves; others are prefixes.
    private static readonly (string Prefix, byte Index, bool IsWhole)[] Prefixes =
    [
        ("user.", 1, false),
        ("system.posix_acl_access", 2, true),
        ("system.posix_acl_default", 3, true),
        ("trusted.", 4, false),
        ("security.", 6, false),
    ];

    /// <summary>The encoded attributes; empty if there are none.</summary>
    /// <exception cref="InvalidDataException">A name or value is too long.</exception>
    public static byte[] Encode(IReadOnlyList<KeyValuePair<string, byte[]>>? attributes)
    {
        if (attributes is null or [])
            return [];

        using var bytes = new MemoryStream();
        bytes.SetLength(HeaderLength);
        bytes.Position = HeaderLength;
        foreach (var (name, value) in attributes.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            if (Find(name) is { } prefix)
                Write(bytes, prefix.Index, name[prefix.Prefix.Length..], value);
        }

        if (bytes.Length > HeaderLength + Unit * (ushort.MaxValue - 1))
            throw new InvalidDataException($"a file has {bytes.Length} bytes of extended attributes, and EROFS allows 262,148");

        return bytes.Length == HeaderLength ? [] : bytes.ToArray();
    }

    /// <summary>How an inode counts its attributes.</summary>
    public static ushort CountOf(byte[] encoded) => encoded.Length == 0 ? (ushort)0 : (ushort)((encoded.Length - HeaderLength) / Unit + 1);

    private static (string Prefix, byte Index, bool IsWhole)? Find(string name)
    {
        foreach (var each in Prefixes)
        {
            if (each.IsWhole ? name == each.Prefix : name.Length > each.Prefix.Length && name.StartsWith(each.Prefix, StringComparison.Ordinal))
                return each;
        }

        return null;
    }

    private static void Write(MemoryStream bytes, byte index, string name, byte[] value)
    {
        var encoded = Encoding.UTF8.GetBytes(name);
        if (encoded.Length > MaxName || value.Length > ushort.MaxValue)
            throw new InvalidDataException($"the extended attribute \"{name[..Math.Min(name.Length, 40)]}\" has a name of {encoded.Length} and a value of {value.Length} bytes; EROFS allows {MaxName} and {ushort.MaxValue}");

        Span<byte> entry = [(byte)encoded.Length, index, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)value.Length);
        bytes.Write(entry);
        bytes.Write(encoded);
        bytes.Write(value);
        bytes.SetLength((bytes.Length + Unit - 1) / Unit * Unit);
        bytes.Position = bytes.Length;
    }
}
