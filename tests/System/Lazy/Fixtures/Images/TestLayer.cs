using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Containerd;
using Containerd.Snapshots.Tests.Erofs.Tables;
using ZstdSharp;

namespace Containerd.Snapshots.Tests.Lazy;

/// <summary>A layer of a test's image.</summary>
/// <param name="Blob">The layer as the registry has it.</param>
/// <param name="MediaType">What its manifest calls it.</param>
/// <param name="DiffId">The digest of the archive in it.</param>
internal sealed record TestLayer(byte[] Blob, string MediaType, string DiffId)
{
    private const string Tar = "application/vnd.oci.image.layer.v1.tar";

    private static readonly Lazy<TestLayer> Base = new(MakeBase);

    /// <summary>A base layer with busybox, some of its commands, and <c>/files/base</c>.</summary>
    public static TestLayer Busybox => Base.Value;

    /// <summary>What its manifest says beside.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The digest of the blob.</summary>
    public string Digest { get; } = DigestOf(Blob);

    public static TestLayer Gzip(params IReadOnlyList<TarEntry> entries) => Compress(OciArchive.Layer(entries), "gzip", to => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true));

    public static TestLayer Zstd(params IReadOnlyList<TarEntry> entries) => Compress(OciArchive.Layer(entries), "zstd", to => new CompressionStream(to, leaveOpen: true));

    public static TestLayer Plain(params IReadOnlyList<TarEntry> entries)
    {
        var archive = OciArchive.Layer(entries);
        return new(archive, Tar, DigestOf(archive));
    }

    /// <summary>Bytes that do not compress, the same for the same name and length.</summary>
    public static byte[] DataOf(string name, int bytes)
    {
        var data = new byte[bytes];
        new Random(name.Aggregate(bytes, (seed, letter) => (seed * 31) + letter)).NextBytes(data);
        return data;
    }

    /// <summary>A layer with <c>/files/NAME</c>, a text, and <c>/data/NAME</c>: bytes that do not compress, the same for the same name.</summary>
    public static TestLayer OfSize(string name, int bytes)
    {
        return Gzip(
            OciArchive.Folder("files/"), OciArchive.Text($"files/{name}", $"of {name}\n"), OciArchive.Folder("data/"), OciArchive.Program($"data/{name}", DataOf(name, bytes)));
    }

    /// <summary>The same as <see cref="OfSize"/>, with a table of contents. Its chunks have 64 KiB.</summary>
    public static TestLayer Lazy(LayerTableKind kind, string name, int bytes) => LazyOf(
        kind, builder => builder.Folder("files").File($"files/{name}", $"of {name}\n").Folder("data").File($"data/{name}", Encoding.Latin1.GetString(DataOf(name, bytes))));

    /// <summary>A layer of any files with a table of contents. Its chunks have 64 KiB.</summary>
    public static TestLayer LazyOf(LayerTableKind kind, Func<LazyLayerBuilder, LazyLayerBuilder> add)
    {
        var layer = add(new(kind) { ChunkLength = 64 << 10 }).Build();
        return new(layer.Blob, layer.MediaType, DigestOf(Unpacked(layer))) { Annotations = layer.Annotations };
    }

    public static string DigestOf(ReadOnlySpan<byte> bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private static byte[] Unpacked(LazyLayerBytes layer)
    {
        using var archive = new MemoryStream();
        using var blob = new MemoryStream(layer.Blob);
        using Stream unpacked = layer.Kind == LayerTableKind.EStargz ? new GZipStream(blob, CompressionMode.Decompress) : new DecompressionStream(blob);
        unpacked.CopyTo(archive);
        return archive.ToArray();
    }

    private static TestLayer Compress(byte[] archive, string kind, Func<Stream, Stream> compressor)
    {
        using var blob = new MemoryStream();
        using (var stream = compressor(blob))
            stream.Write(archive);

        return new(blob.ToArray(), $"{Tar}+{kind}", DigestOf(archive));
    }

    private static TestLayer MakeBase() => Gzip(
    [
        .. new[] { "bin/", "proc/", "sys/", "dev/", "etc/", "tmp/", "run/", "files/" }.Select(OciArchive.Folder),
        OciArchive.Program("bin/busybox", File.ReadAllBytes("/bin/busybox")),
        .. new[] { "sh", "cat", "ls", "sleep", "true", "stat", "test" }.Select(command => OciArchive.Link($"bin/{command}", "busybox")),
        OciArchive.Link("pause", "bin/busybox"),
        OciArchive.Text("files/base", "of base\n"),
    ]);
}
