using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Lazy;

/// <summary>A layer of random files, as an image whose contents are missing, and its source. It is deleted with this object.</summary>
internal sealed class TestLayer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private LazyImage? _image;

    private TestLayer(DirectoryInfo folder) => _folder = folder;

    /// <summary>The path of the lazy image.</summary>
    public string Path => $"{_folder.FullName}/layer.erofs";

    /// <summary>All bytes of the whole image.</summary>
    public byte[] Whole { get; private set; } = [];

    /// <summary>The contents of the files, by their names.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public List<LazyChunk> Chunks { get; } = [];

    public MemorySource Source { get; private set; } = null!;

    /// <summary>The image, if it is open.</summary>
    public LazyImage Image => _image ?? throw new InvalidOperationException("the image is not open");

    /// <summary>Makes a layer whose lazy image is open.</summary>
    /// <param name="sizes">The lengths of the files, in bytes.</param>
    /// <param name="chunkLength">The length of a chunk, in bytes.</param>
    /// <param name="options">The limits of the image.</param>
    /// <param name="parent">The directory for its files; null for the usual one.</param>
    public static TestLayer Create(int[] sizes, int chunkLength = 64 << 10, LazyImageOptions? options = null, string? parent = null)
    {
        var layer = new TestLayer(parent is null ? Directory.CreateTempSubdirectory("lazy-") : Directory.CreateDirectory($"{parent}/{Guid.NewGuid()}"));
        layer.Write(sizes, chunkLength);
        layer._image = LazyImage.Create(layer.Path, layer.Chunks, layer.Source, options);
        return layer;
    }

    /// <summary>Closes the image and opens it again.</summary>
    public async Task ReopenAsync(LazyImageOptions? options = null)
    {
        await CloseAsync();
        Open(options);
    }

    public void Open(LazyImageOptions? options = null) => _image = LazyImage.Open(Path, Source, options);

    public async Task CloseAsync()
    {
        if (_image is not null)
            await _image.DisposeAsync();
        _image = null;
    }

    /// <summary>Reads a range of the lazy image.</summary>
    public async Task<byte[]> ReadAsync(long offset, int length)
    {
        var buffer = new byte[length];
        return buffer[..await Image.ReadAsync(offset, buffer)];
    }

    /// <summary>Reads the lazy image in one piece, and compares it.</summary>
    public async Task AssertWholeAsync()
    {
        var read = await ReadAsync(0, Whole.Length + 1);
        Assert.That(read.AsSpan().SequenceEqual(Whole), Is.True, "the image differs from the whole one");
    }

    /// <summary>The bytes that a range of the image should have.</summary>
    public byte[] Expected(long offset, int length) => Whole[(int)Math.Min(offset, Whole.Length)..(int)Math.Min(offset + length, Whole.Length)];

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Delete(recursive: true);
    }

    private void Write(int[] sizes, int chunkLength)
    {
        var random = new Random(1);
        var writer = new ErofsWriter();
        var blob = new List<byte>();
        var places = new List<(long Offset, byte[] Content)>();
        for (var i = 0; i < sizes.Length; i++)
        {
            var content = new byte[sizes[i]];
            random.NextBytes(content);
            Files.Add($"file{i:D4}", content);
            places.Add((writer.AddFile(System.Text.Encoding.ASCII.GetBytes($"file{i:D4}"), new(0x1A4, 0, 0, 0), content.Length), content));
        }

        using (var lazy = File.Create(Path))
            writer.Finish(lazy);
        foreach (var (offset, content) in places)
            Cut(offset, content, chunkLength, blob);

        Source = new([.. blob]);
        Whole = File.ReadAllBytes(Path);
        foreach (var (offset, content) in places)
            content.CopyTo(Whole, offset);
    }

    private void Cut(long offset, byte[] content, int chunkLength, List<byte> blob)
    {
        for (var start = 0; start < content.Length; start += chunkLength)
        {
            var chunk = content.AsSpan(start, Math.Min(chunkLength, content.Length - start));
            Chunks.Add(new(offset + start, chunk.Length, blob.Count, blob.Count + chunk.Length, 0, ChunkDigest.Of(chunk)));
            blob.AddRange(chunk);
        }
    }
}
