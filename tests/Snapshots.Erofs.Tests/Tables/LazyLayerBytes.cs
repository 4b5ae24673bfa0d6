using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>A layer with its descriptor.</summary>
/// <param name="Kind">The kind of its table.</param>
/// <param name="Blob">The layer.</param>
/// <param name="TableStart">Where the table begins in it.</param>
/// <param name="Annotations">The annotations of its descriptor.</param>
internal sealed record LazyLayerBytes(LayerTableKind Kind, byte[] Blob, long TableStart, Dictionary<string, string> Annotations)
{
    public string MediaType => $"application/vnd.oci.image.layer.v1.tar+{(Kind == LayerTableKind.EStargz ? "gzip" : "zstd")}";

    /// <summary>How often a part was asked for.</summary>
    public int Requests { get; private set; }

    /// <summary>The table, which must be found.</summary>
    public LayerTable Table()
    {
        Assert.That(LayerTable.TryFind(MediaType, Blob.Length, Annotations, out var table, out var reason), reason);
        Assert.That(table!.Kind, Is.EqualTo(Kind));
        return table;
    }

    /// <summary>Opens a part of it.</summary>
    public ValueTask<Stream> OpenAsync(long start, long end, ChunkRequest request, CancellationToken cancellationToken)
    {
        Requests++;
        Assert.That((start >= 0, end > start, end <= Blob.Length), Is.EqualTo((true, true, true)), $"{start} to {end} of {Blob.Length}");
        return new(new MemoryStream(Blob, (int)start, (int)(end - start)));
    }

    /// <summary>Lays the layer out, and takes what is to be had of it.</summary>
    public async Task<LaidOut> LayOutAsync(ErofsLayerOptions? options = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            await using var image = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
            var layout = await LazyLayer.WriteAsync(Table(), OpenAsync, image, (options ?? new()) with { Syncs = false });
            Assert.That(image.Length, Is.EqualTo(layout.ImageLength));
            Assert.That(File.Exists($"{path}.table"), Is.False);
            return new(layout, await File.ReadAllBytesAsync(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Lays the layer out, verifies it as a whole, and compares what that has filled.</summary>
    /// <param name="whole">The layer as it is fetched later; null: the same.</param>
    /// <param name="filled">How many chunks readers have fetched before.</param>
    public async Task VerifyAsync(byte[]? whole = null, int filled = 0)
    {
        var folder = Directory.CreateTempSubdirectory("lazy-");
        try
        {
            var path = $"{folder.FullName}/image";
            var (layout, empty) = await LayOutAsync();
            await File.WriteAllBytesAsync(path, empty);
            await using var image = LazyImage.Create(path, layout.Chunks, new LayerChunkSource(Kind, OpenAsync));
            foreach (var chunk in layout.Chunks.Take(filled))
                await image.ReadAsync(chunk.Offset, new byte[1]);

            var digests = await LazyLayer.VerifyAsync(Kind, new MemoryStream(whole ?? Blob), image, new() { Syncs = false });
            Assert.That((digests.Usage, image.IsComplete), Is.EqualTo((layout.Usage, true)));
            Assert.That(digests.Digest!.ToString(), Is.EqualTo(LazyLayerBuilder.Sha256(whole ?? Blob)));
            if (whole is null && Kind == LayerTableKind.ZstdChunked)
                Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo((await WriteWholeAsync()).Image));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The image that is written of the whole layer.</summary>
    public async Task<(ErofsLayerDigests Digests, byte[] Image)> WriteWholeAsync(ErofsLayerOptions? options = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            await using var image = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
            var digests = await ErofsLayer.WriteAsync(new MemoryStream(Blob), image, (options ?? new()) with { Syncs = false });
            return (digests, await File.ReadAllBytesAsync(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Fetches chunks into an image.</summary>
    /// <returns>Those whose digest is right.</returns>
    public async Task<int> FillAsync(IReadOnlyList<LazyChunk> chunks, byte[] image)
    {
        var right = 0;
        await new LayerChunkSource(Kind, OpenAsync).FetchAsync(
            chunks,
            new(ChunkCause.Background),
            (index, content) =>
            {
                if (content.Length != chunks[index].Length || ChunkDigest.Of(content) != chunks[index].Digest)
                    return;

                content.CopyTo(image.AsSpan((int)chunks[index].Offset));
                right++;
            },
            default);
        return right;
    }
}

/// <summary>A layer that was laid out.</summary>
/// <param name="Layout">What is known of it.</param>
/// <param name="Image">The image without its contents.</param>
internal sealed record LaidOut(LazyLayout Layout, byte[] Image);
