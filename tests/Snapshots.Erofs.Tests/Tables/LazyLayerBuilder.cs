using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>Writes layers with a table of contents, as the real tools do or as nobody should.</summary>
internal sealed class LazyLayerBuilder(LayerTableKind kind)
{
    private readonly MemoryStream _blob = new(), _member = new();
    private readonly JsonArray _entries = [];
    private int _chunks;

    /// <summary>The length of chunks, in bytes.</summary>
    public int ChunkLength { get; set; } = 3000;

    /// <summary>How many chunks share a member.</summary>
    public int ChunksInMember { get; set; } = 1;

    /// <summary>Changes the entries before the table is written.</summary>
    public Action<JsonArray>? Change { get; set; }

    /// <summary>Changes the table as text.</summary>
    public Func<byte[], byte[]> ChangeTable { get; set; } = json => json;

    /// <summary>Bytes behind the contents that the table does not mention, such as a frame that readers skip.</summary>
    public byte[] Hidden { get; set; } = [];

    /// <summary>Whether the footer is the one of the first versions.</summary>
    public bool HasOldFooter { get; set; }

    private bool IsGzip => kind == LayerTableKind.EStargz;

    public LazyLayerBuilder Folder(string path, int mode = 0x1ED, long time = 1_100_000_000) => Add(path, '5', "dir", mode: mode, time: time);

    public LazyLayerBuilder Link(string path, string target) => Add(path, '2', "symlink", target, mode: 0x1FF);

    public LazyLayerBuilder HardLink(string path, string target, int mode = 0x1A4) => Add(path, '1', "hardlink", target, mode: mode);

    public LazyLayerBuilder Device(string path, int major, int minor) => Add(path, '3', "char", major: major, minor: minor);

    public LazyLayerBuilder BlockDevice(string path, int major, int minor) => Add(path, '4', "block", major: major, minor: minor);

    public LazyLayerBuilder Pipe(string path) => Add(path, '6', "fifo");

    public LazyLayerBuilder File(string path, string content = "content", int mode = 0x1A4, long time = 1_000_000_000, int user = 0, string fraction = "", (string Name, string Value)[]? attributes = null)
    {
        var entry = Describe(path, '0', "reg", "", content.Length, mode, time, user, 0, 0, fraction, attributes ?? []);
        var bytes = Encoding.Latin1.GetBytes(content);
        for (var at = 0; at < bytes.Length;)
        {
            var chunk = bytes.AsSpan(at, Math.Min(ChunkLength, bytes.Length - at));
            var isZeros = kind == LayerTableKind.ZstdChunked && chunk.Length < bytes.Length && !chunk.ContainsAnyExcept((byte)0);
            Place(at == 0 ? entry : Further(path), chunk, at, bytes.Length, isZeros);
            at += chunk.Length;
        }

        if (kind == LayerTableKind.ZstdChunked && bytes.Length > 0)
        {
            EndMember();
            entry["endOffset"] = _blob.Length;
        }

        entry["digest"] = bytes.Length > 0 || kind != LayerTableKind.ZstdChunked ? Sha256(bytes) : null;
        _member.Write(new byte[-bytes.Length & 511]);
        return this;
    }

    /// <summary>Ends the layer.</summary>
    public LazyLayerBytes Build()
    {
        Change?.Invoke(_entries);
        var json = ChangeTable(Encoding.UTF8.GetBytes(new JsonObject { ["version"] = 1, ["entries"] = _entries.DeepClone() }.ToJsonString()));
        return IsGzip ? BuildGzip(json) : BuildZstd(json);
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    /// <summary>A frame that readers skip.</summary>
    public static byte[] Skipped(byte[] bytes) => [0x50, 0x2A, 0x4D, 0x18, .. BitConverter.GetBytes(bytes.Length), .. bytes];

    public static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(bytes);

        return compressed.ToArray();
    }

    public static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    private LazyLayerBuilder Add(string path, char type, string name, string target = "", int mode = 0x1A4, long time = 1_000_000_000, int major = 0, int minor = 0)
    {
        Describe(path, type, name, target, 0, mode, time, 0, major, minor, "", []);
        return this;
    }

    private JsonObject Describe(
        string path, char type, string name, string target, int size, int mode, long time, int user, int major, int minor, string fraction, (string Name, string Value)[] attributes)
    {
        var header = new TarBuilder();
        List<(string, string)> records = [.. attributes.Select(each => ($"SCHILY.xattr.{each.Name}", each.Value))];
        if (fraction.Length > 0)
            records.Add(("mtime", $"{time}.{fraction}"));
        var isPlain = path.Length <= 100 && path.All(char.IsAscii);
        if (!isPlain)
            records.Add(("path", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(path))));
        if (records.Count > 0)
            header.Records(records);
        var bytes = header.Add(isPlain ? path : "x", type, target, new('x', size), mode, time, user, major, minor).ToArray();
        _member.Write(bytes.AsSpan(0, bytes.Length - ((size + 511) & ~511)));

        var entry = new JsonObject { ["name"] = path, ["type"] = name, ["mode"] = mode, ["uid"] = user };
        var isWhole = kind != LayerTableKind.ZstdChunked || fraction.Length == 0;
        var shown = isWhole && fraction.CompareTo("5") >= 0 ? time + 1 : time;
        entry["modtime"] = DateTimeOffset.FromUnixTimeSeconds(shown).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + (isWhole ? "Z" : $".{fraction}Z");
        if (size > 0)
            entry["size"] = size;
        if (target.Length > 0)
            entry["linkName"] = target;
        if (major + minor > 0)
            (entry["devMajor"], entry["devMinor"]) = (major, minor);
        if (attributes.Length > 0)
            entry["xattrs"] = new JsonObject(attributes.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Name, Convert.ToBase64String(Encoding.Latin1.GetBytes(each.Value)))));

        _entries.Add(entry);
        return entry;
    }

    private JsonObject Further(string path)
    {
        var entry = new JsonObject { ["name"] = path, ["type"] = "chunk" };
        _entries.Add(entry);
        return entry;
    }

    private void Place(JsonObject entry, ReadOnlySpan<byte> chunk, int at, int size, bool isZeros)
    {
        if (_chunks++ % ChunksInMember == 0 || kind == LayerTableKind.ZstdChunked)
            EndMember();

        entry["offset"] = _blob.Length;
        if (_member.Length > 0)
            entry["innerOffset"] = _member.Length;
        if (at > 0)
            entry["chunkOffset"] = at;
        var isLast = at + chunk.Length == size;
        if (chunk.Length < size && (!isLast || kind == LayerTableKind.ZstdChunked))
            entry["chunkSize"] = chunk.Length;
        if (chunk.Length < size || kind != LayerTableKind.ZstdChunked)
            entry["chunkDigest"] = Sha256(chunk);
        if (isZeros)
            entry["chunkType"] = "zeros";

        _member.Write(chunk);
    }

    private void EndMember()
    {
        if (_member.Length == 0)
            return;

        _blob.Write(IsGzip ? Gzip(_member.ToArray()) : Zstd(_member.ToArray()));
        _member.SetLength(0);
    }

    private LazyLayerBytes BuildGzip(byte[] json)
    {
        EndMember();
        _blob.Write(Hidden);
        var start = _blob.Length;
        var table = new TarBuilder().Add("stargz.index.json", '0', content: Encoding.Latin1.GetString(json), mode: 0, time: 0).Zeros(2);
        _blob.Write(Gzip(table.ToArray()));
        var digits = Encoding.ASCII.GetBytes($"{start:x16}STARGZ");
        byte[] extra = HasOldFooter ? [22, 0, .. digits] : [26, 0, (byte)'S', (byte)'G', 22, 0, .. digits];
        _blob.Write([0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, .. extra, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0]);
        return new(kind, _blob.ToArray(), start, new() { ["containerd.io/snapshot/stargz/toc.digest"] = Sha256(json) });
    }

    private LazyLayerBytes BuildZstd(byte[] json)
    {
        _member.Write(new byte[1024]);
        EndMember();
        _blob.Write(Hidden);
        var (prefix, isStargz) = kind == LayerTableKind.ZstdStargz ? ("io.containers.", true) : ("io.github.containers.", false);
        var (start, table) = (_blob.Length + 8, Zstd(json));
        _blob.Write(Skipped(table));
        var split = _blob.Length + 8;
        if (!isStargz)
            _blob.Write(Skipped(Zstd("{}"u8.ToArray())));

        long[] footer = isStargz ? [start, table.Length, json.Length, 1] : [start, table.Length, json.Length, 1, split, _blob.Length - split, 2];
        _blob.Write(Skipped([.. footer.SelectMany(BitConverter.GetBytes), .. Encoding.ASCII.GetBytes(isStargz ? "GnUlInUx" : "GNUlInUx")]));
        var annotations = new Dictionary<string, string>
        {
            [$"{prefix}zstd-chunked.manifest-checksum"] = Sha256(table),
            [$"{prefix}zstd-chunked.manifest-position"] = $"{start}:{table.Length}:{json.Length}:1",
        };
        if (isStargz)
            annotations["containerd.io/snapshot/stargz/toc.digest"] = Sha256(json);

        return new(kind, _blob.ToArray(), start, annotations);
    }
}
