using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Lazy;

/// <summary>The pass over a whole layer that verifies its table and fills the image.</summary>
internal sealed class LazyVerifierTests
{
    private const int Chunk = 10_000;
    private static readonly int[] Sizes = [3 * Chunk, 5, Chunk + 1, 0, 4096];

    [Test]
    public async Task The_image_is_complete_afterwards([Values(1, 7, 4096, 100_000)] int piece)
    {
        await using var layer = TestLayer.Create(Sizes, Chunk);
        await layer.ReadAsync(layer.Chunks[1].Offset, 10);
        using var verifier = layer.Image.Verify();

        foreach (var (offset, content) in Contents(layer))
        {
            for (var at = 0; at < content.Length; at += piece)
                verifier.Write(offset + at, content.AsSpan(at, Math.Min(piece, content.Length - at)));
        }

        verifier.Complete();
        await layer.Image.CompleteAsync();
        await layer.AssertWholeAsync();
        Assert.That(layer.Source.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_byte_that_differs_is_found()
    {
        await using var layer = TestLayer.Create(Sizes, Chunk);
        foreach (var chunk in layer.Chunks)
        {
            using var verifier = layer.Image.Verify();
            var whole = layer.Whole.ToArray();
            whole[chunk.End - 1] ^= 1;

            Assert.That(
                () => Write(verifier, layer, whole),
                Throws.InstanceOf<InvalidDataException>().With.Message.Contains("does not fit its archive").And.Message.Contains($"at {chunk.Offset} of the image"));
        }

        await layer.AssertWholeAsync();
    }

    [Test]
    public async Task Bytes_that_no_chunk_has_are_compared_with_the_image()
    {
        await using var layer = TestLayer.Create([Chunk], Chunk);
        using var verifier = layer.Image.Verify();

        verifier.Write(layer.Chunks[0].Offset, layer.Files["file0000"]);
        verifier.Write(layer.Chunks[0].End, new byte[100]);

        Assert.That(() => verifier.Write(layer.Chunks[0].End, new byte[] { 0, 1 }), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("no chunk of the table has"));
        Assert.That(() => verifier.Write(layer.Image.Length - 1, new byte[2]), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task A_chunk_that_is_missing_or_in_part_is_found()
    {
        await using var layer = TestLayer.Create([Chunk, Chunk], Chunk);
        using var verifier = layer.Image.Verify();
        verifier.Write(layer.Chunks[0].Offset, layer.Files["file0000"]);
        Assert.That(verifier.Complete, Throws.InstanceOf<InvalidDataException>().With.Message.Contains("does not have it"));

        verifier.Write(layer.Chunks[1].Offset, layer.Files["file0001"].AsSpan(0, 10));
        Assert.That(verifier.Complete, Throws.InstanceOf<InvalidDataException>().With.Message.Contains("10 of its 10000 bytes"));
        Assert.That(() => verifier.Write(layer.Chunks[0].Offset, new byte[1]), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("10 of its 10000 bytes"));

        using var second = layer.Image.Verify();
        Assert.That(() => second.Write(layer.Chunks[0].Offset + 1, new byte[1]), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("1 bytes behind its start"));
    }

    private static void Write(LazyImageVerifier verifier, TestLayer layer, byte[] whole)
    {
        foreach (var (offset, content) in Contents(layer))
            verifier.Write(offset, whole.AsSpan((int)offset, content.Length));
    }

    private static IEnumerable<(long Offset, byte[] Content)> Contents(TestLayer layer)
    {
        var offset = 4096L;
        foreach (var content in layer.Files.Values)
        {
            yield return (offset, content);
            offset += (content.Length + 4095) / 4096 * 4096;
        }
    }
}
