using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Containerd.Snapshots.Erofs.Tar;

/// <summary>
/// The records of the POSIX format, which go before an entry and replace what its header says. Values are bytes: those of
/// extended attributes are no text. An empty value replaces nothing.
/// </summary>
internal sealed class TarRecords
{
    private const string Attribute = "SCHILY.xattr.";
    private const int ShortestRecord = 5;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);
    private List<KeyValuePair<string, byte[]>>? _attributes;

    // Sparse format 0.0 has two records of the same keys for each part.
    private List<string>? _numbers;

    /// <summary>The map of a sparse file, if it is in the records: offset and length of each part; null for other files.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public List<TarPart>? Parts => SparseFormat is "0.0" or "0.1" ? PartsIn(_numbers ?? [.. (Text("GNU.sparse.map") ?? "").Split(',')]) : null;

    /// <summary>Whether a sparse file's map is before its content (format 1.0).</summary>
    public bool HasMapInContent => SparseFormat == "1.0";

    // Without a version, the map shows the first formats. An unknown version is no sparse file.
    private string? SparseFormat => (Text("GNU.sparse.major"), Text("GNU.sparse.minor")) switch
    {
        (null, null) => _numbers is not null || Text("GNU.sparse.map") is not null ? "0.1" : null,
        var (major, minor) => $"{major}.{minor}",
    };

    /// <summary>Reads records: each its length in decimal digits, a space, a key, <c>=</c>, a value and a line feed.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static TarRecords Parse(ReadOnlyMemory<byte> bytes)
    {
        var records = new TarRecords();
        while (bytes.Length > 0)
        {
            if (!Utf8Parser.TryParse(bytes.Span, out int length, out var digits) || length < ShortestRecord || length <= digits + 2 || length > bytes.Length
                || bytes.Span[digits] != ' ' || bytes.Span[length - 1] != '\n')
            {
                throw Damaged("a record has a wrong length");
            }

            var record = bytes[(digits + 1)..(length - 1)];
            var end = record.Span.IndexOf((byte)'=');
            if (end <= 0)
                throw Damaged("a record has no key");

            records.Add(Encoding.UTF8.GetString(record.Span[..end]), record[(end + 1)..]);
            bytes = bytes[length..];
        }

        return records;
    }

    /// <summary>Changes an entry to what the records say, but for the parts of a sparse file.</summary>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public void Apply(TarEntry entry)
    {
        entry.Path = Value("path") ?? entry.Path;
        entry.Target = Value("linkpath") ?? entry.Target;
        entry.UserId = Number("uid") ?? entry.UserId;
        entry.GroupId = Number("gid") ?? entry.GroupId;
        entry.Size = Number("size") ?? entry.Size;
        entry.ModifiedAt = Time("mtime") ?? entry.ModifiedAt;
        _ = (Time("atime"), Time("ctime")); // Damage is refused there, too.
        entry.ExtendedAttributes = _attributes ?? entry.ExtendedAttributes;
    }

    /// <summary>Changes the path and length of a sparse file, which the other records have otherwise.</summary>
    public void ApplySparse(TarEntry entry)
    {
        entry.Path = Value("GNU.sparse.name") ?? entry.Path;
        entry.Size = Number("GNU.sparse.size") ?? Number("GNU.sparse.realsize") ?? entry.Size;
    }

    private ReadOnlyMemory<byte>? Value(string key) => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : (ReadOnlyMemory<byte>?)null;

    private string? Text(string key) => Value(key) is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    private long? Number(string key) => Text(key) is { } text ? Parse(text, key) : null;

    private void Add(string key, ReadOnlyMemory<byte> value)
    {
        if (key.Contains('\0', StringComparison.Ordinal) || (key is "path" or "linkpath" or "uname" or "gname" && value.Span.Contains((byte)0)))
            throw Damaged("a record has a zero in it");

        if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
            AddNumber(key, Encoding.UTF8.GetString(value.Span));
        else if (key.StartsWith(Attribute, StringComparison.Ordinal))
            AddAttribute(key[Attribute.Length..], value.ToArray());
        else
            _values[key] = value;
    }

    private void AddNumber(string key, string value)
    {
        _numbers ??= [];
        if (_numbers.Count % 2 == 0 != (key == "GNU.sparse.offset") || value.Contains(',', StringComparison.Ordinal))
            throw Damaged("a part of a sparse file has no offset or no length");

        _numbers.Add(value);
    }

    private void AddAttribute(string name, byte[] value)
    {
        _attributes ??= [];
        _attributes.RemoveAll(other => other.Key == name);
        _attributes.Add(new(name, value));
    }

    private List<TarPart> PartsIn(List<string> numbers)
    {
        if (numbers is [""])
            numbers = [];
        if (numbers.Count != (Number("GNU.sparse.numblocks") ?? -1) * 2)
            throw Damaged("a sparse file has an incomplete map");

        var parts = new List<TarPart>(numbers.Count / 2);
        for (var i = 0; i < numbers.Count; i += 2)
            parts.Add(new(Parse(numbers[i], "GNU.sparse.map"), Parse(numbers[i + 1], "GNU.sparse.map")));

        return parts;
    }

    // Decimal seconds with any number of digits behind the point.
    private TarTime? Time(string key)
    {
        if (Text(key) is not { } text)
            return null;

        var point = text.IndexOf('.');
        var whole = Parse(point < 0 ? text : text[..point], key);
        if (point < 0 || point == text.Length - 1)
            return new(whole, 0);
        if (text.AsSpan(point + 1).ContainsAnyExceptInRange('0', '9'))
            throw NoNumber(key);

        var nanoseconds = uint.Parse(text[(point + 1)..].PadRight(9, '0').AsSpan(0, 9), NumberStyles.None, CultureInfo.InvariantCulture);
        return text[0] == '-' && nanoseconds > 0 ? new(unchecked(whole - 1), 1_000_000_000 - nanoseconds) : new(whole, nanoseconds);
    }

    private static long Parse(string text, string key) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw NoNumber(key);

    private static InvalidDataException NoNumber(string key) => Damaged($"the record {key} is not a number");

    private static InvalidDataException Damaged(string how) => new($"the tar archive is damaged: {how}");
}
