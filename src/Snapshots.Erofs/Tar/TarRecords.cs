using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>
/// The records of the POSIX format, which go before an entry and replace what its header says. Values are bytes: those of
/// extended attributes are no text.
/// </summary>
internal sealed class TarRecords
{
    private const string Attribute = "SCHILY.xattr.";

    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private readonly List<TarPart> _parts = [];
    private long? _offset;

    /// <summary>Reads records: each its length in decimal digits, a space, a key, <c>=</c>, a value and a line feed.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static TarRecords Parse(ReadOnlySpan<byte> bytes)
    {
        var records = new TarRecords();
        while (bytes.Length > 0)
        {
            if (!Utf8Parser.TryParse(bytes, out int length, out var digits) || length <= digits + 2 || length > bytes.Length || bytes[digits] != ' ' || bytes[length - 1] != '\n')
                throw Damaged("a record has a wrong length");

            var record = bytes[(digits + 1)..(length - 1)];
            var end = record.IndexOf((byte)'=');
            if (end <= 0)
                throw Damaged("a record has no key");

            records.Add(Encoding.UTF8.GetString(record[..end]), record[(end + 1)..]);
            bytes = bytes[length..];
        }

        return records;
    }

    /// <summary>The version of GNU's sparse format 1.0, whose map is before the content.</summary>
    public bool HasMapInContent => Text("GNU.sparse.major") == "1" && Text("GNU.sparse.minor") == "0";

    /// <summary>The size that the archive holds of the entry, or null.</summary>
    public long? StoredSize => Number("size");

    /// <summary>Changes an entry to what the records say.</summary>
    public void Apply(TarEntry entry)
    {
        entry.Path = Value("GNU.sparse.name") ?? Value("path") ?? entry.Path;
        entry.Target = Value("linkpath") ?? entry.Target;
        entry.UserId = Number("uid") ?? entry.UserId;
        entry.GroupId = Number("gid") ?? entry.GroupId;
        entry.StoredSize = StoredSize ?? entry.StoredSize;
        entry.Size = Number("GNU.sparse.realsize") ?? Number("GNU.sparse.size") ?? StoredSize ?? entry.Size;
        if (Text("mtime") is { } time)
            entry.ModifiedAt = Time(time);

        entry.ExtendedAttributes = [.. _values.Where(each => each.Key.StartsWith(Attribute, StringComparison.Ordinal)).Select(each => KeyValuePair.Create(each.Key[Attribute.Length..], each.Value))];
        if (Text("GNU.sparse.map") is { } map)
            entry.Parts = PartsIn(map);
        else if (_parts.Count > 0)
            entry.Parts = _parts;
    }

    private byte[]? Value(string key) => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private string? Text(string key) => Value(key) is { } value ? Encoding.UTF8.GetString(value) : null;

    private long? Number(string key) => Text(key) is { } text ? Parse(text, key) : null;

    // Format 0.0 has a record for each part, of one key.
    private void Add(string key, ReadOnlySpan<byte> value)
    {
        if (key == "GNU.sparse.offset")
        {
            _offset = Parse(Encoding.UTF8.GetString(value), key);
        }
        else if (key == "GNU.sparse.numbytes")
        {
            _parts.Add(new(_offset ?? throw Damaged("a part of a sparse file has no offset"), Parse(Encoding.UTF8.GetString(value), key)));
            _offset = null;
        }
        else
        {
            _values[key] = value.ToArray();
        }
    }

    // Format 0.1: offset,length,offset,length
    private static List<TarPart> PartsIn(string map)
    {
        var numbers = map.Split(',');
        if (numbers.Length % 2 != 0)
            throw Damaged("a sparse file has an incomplete map");

        return [.. numbers.Chunk(2).Select(pair => new TarPart(Parse(pair[0], "GNU.sparse.map"), Parse(pair[1], "GNU.sparse.map")))];
    }

    private static long Parse(string text, string key) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Damaged($"the record {key} is not a number");

    // Decimal seconds with any number of digits behind the point.
    private static (long Seconds, uint Nanoseconds) Time(string text)
    {
        var point = text.IndexOf('.');
        var whole = Parse(point < 0 ? text : text[..point], "mtime");
        if (point < 0)
            return (whole, 0);

        var digits = text[(point + 1)..].PadRight(9, '0')[..9];
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds))
            throw Damaged("the record mtime is not a number");

        return text[0] == '-' && nanoseconds > 0 ? (whole - 1, 1_000_000_000 - nanoseconds) : (whole, nanoseconds);
    }

    private static InvalidDataException Damaged(string how) => new($"the tar archive is damaged: {how}");
}
