namespace Containerd.Snapshots.Tests.Erofs.Hostile;

/// <summary>Changes layers at random, the same way for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private const int Block = 512, ChecksumOffset = 148, ChecksumLength = 8;

    private readonly Random _random = new(seed);

    /// <summary>Changes an archive; usually its headers have right checksums then, so that the change is looked at.</summary>
    public byte[] MutateArchive(IReadOnlyList<byte[]> archives)
    {
        var archive = Pick(archives).ToArray();
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
            archive = Change(archive, Pick(archives));

        if (_random.Next(10) > 0)
            RepairChecksums(archive);

        return archive;
    }

    /// <summary>Changes a compressed layer.</summary>
    public byte[] Mutate(byte[] layer) => Change([.. layer], layer);

    public T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    public bool IsOneIn(int count) => _random.Next(count) == 0;

    private byte[] Change(byte[] bytes, byte[] other)
    {
        if (bytes.Length == 0)
            return other;

        var at = _random.Next(bytes.Length);
        switch (_random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1: // Blocks of another one in between.
                return [.. bytes[..(at / Block * Block)], .. other[..(_random.Next(other.Length + 1) / Block * Block)], .. bytes[(at / Block * Block)..]];
            case 2: // A block twice.
                return [.. bytes[..(at / Block * Block)], .. bytes[(Math.Max(at - Block, 0) / Block * Block)..]];
            case 3: // A number in a header.
                var field = (at / Block * Block) + Pick([100, 108, 116, 124, 136, 329, 337]);
                if (field + 12 <= bytes.Length)
                    _random.NextBytes(bytes.AsSpan(field, _random.Next(1, 12)));
                return bytes;
            case 4: // A type.
                var type = (at / Block * Block) + 156;
                if (type < bytes.Length)
                    bytes[type] = (byte)Pick("01234567LKxgS\0");
                return bytes;
            case 5: // A part of another place.
                var length = _random.Next(1, 40);
                var from = _random.Next(bytes.Length);
                bytes.AsSpan(from, Math.Min(length, bytes.Length - Math.Max(from, at))).CopyTo(bytes.AsSpan(at));
                return bytes;
            default:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
        }
    }

    private char Pick(string characters) => characters[_random.Next(characters.Length)];

    private static void RepairChecksums(byte[] archive)
    {
        for (var at = 0; at + Block <= archive.Length; at += Block)
        {
            var header = archive.AsSpan(at, Block);
            if (!header.Slice(257, 5).SequenceEqual("ustar"u8))
                continue;

            var sum = ChecksumLength * ' ';
            for (var i = 0; i < Block; i++)
                sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? 0 : header[i];

            Fixtures.TarBuilder.Put(archive, at + ChecksumOffset, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");
        }
    }
}
