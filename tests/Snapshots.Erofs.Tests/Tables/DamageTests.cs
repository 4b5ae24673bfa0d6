using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>A registry that sends other bytes is found out before any of them is shown.</summary>
[TestFixture(LayerTableKind.EStargz)]
[TestFixture(LayerTableKind.ZstdChunked)]
[TestFixture(LayerTableKind.ZstdStargz)]
internal sealed class DamageTests(LayerTableKind kind)
{
    private const int Flips = 350;

    [Test]
    public async Task Flipped_bytes_are_never_shown()
    {
        var layer = Layer().Build();
        var (layout, empty) = await layer.LayOutAsync();
        var (_, whole) = await layer.WriteWholeAsync();
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < Flips; i++)
        {
            // Half of them in the table and the footer.
            var at = random.Next(i % 2 == 0 ? 0 : (int)layer.TableStart, layer.Blob.Length);
            var damaged = layer with { Blob = [.. layer.Blob] };
            damaged.Blob[at] ^= (byte)(1 << random.Next(8));
            refused += await ShownAsync(damaged, layout, empty, whole) ? 0 : 1;
        }

        Assert.That(refused, Is.GreaterThan(Flips / 4), "tables or chunks that were refused");
    }

    [Test]
    public async Task A_blob_that_ends_anywhere()
    {
        var layer = Layer().Build();
        var (layout, empty) = await layer.LayOutAsync();
        var (_, whole) = await layer.WriteWholeAsync();
        for (var i = 0; i < 60; i++)
        {
            var cut = layer with { Blob = [.. layer.Blob] };
            Array.Clear(cut.Blob, layer.Blob.Length * i / 60, layer.Blob.Length - (layer.Blob.Length * i / 60));

            Assert.That(await ShownAsync(cut, layout, empty, whole), Is.False, $"{i}");
        }
    }

    [Test]
    public void Another_table_than_the_manifests()
    {
        var layer = Layer().Build();
        var other = Layer().File("more").Build();

        Assert.That(() => (other with { Annotations = Digests(layer, other) }).LayOutAsync(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("has the digest"));
    }

    [Test]
    public void A_wrong_table_is_asked_once_more_for()
    {
        var layer = Layer().Build();
        List<bool> asked = [];

        Assert.That(
            async () =>
            {
                await using var image = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
                await LazyLayer.WriteAsync(
                    layer.Table(),
                    (start, end, request, _) =>
                    {
                        asked.Add(request.AvoidsLastMirror);
                        return new(new MemoryStream(new byte[end - start]));
                    },
                    image);
            },
            Throws.InstanceOf<InvalidDataException>());
        Assert.That(asked, Is.EqualTo((bool[])[false, true]));
    }

    private LazyLayerBuilder Layer()
    {
        var random = new Random(1);
        string Random(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(256)));
        return new LazyLayerBuilder(kind) { ChunksInMember = 2 }.Folder("a").File("a/b", Random(7_000)).File("c", Random(100)).File("zeros", new string('\0', 5_000) + "x").Link("l", "a").File("last", Random(3_500));
    }

    // Where the table is may be another place, but its digests are the manifest's.
    private static Dictionary<string, string> Digests(LazyLayerBytes layer, LazyLayerBytes other) =>
        layer.Annotations.ToDictionary(each => each.Key, each => each.Key.EndsWith("position", StringComparison.Ordinal) ? other.Annotations[each.Key] : each.Value);

    private static async Task<bool> ShownAsync(LazyLayerBytes damaged, LazyLayout layout, byte[] empty, byte[] whole)
    {
        try
        {
            var (found, image) = await damaged.LayOutAsync();
            Assert.That(image.SequenceEqual(empty) && found.Chunks.SequenceEqual(layout.Chunks));
            var right = 0;
            foreach (var chunk in found.Chunks)
                right += await FillOneAsync(damaged, chunk, image, whole);

            return right == found.Chunks.Count;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static async Task<int> FillOneAsync(LazyLayerBytes damaged, LazyChunk chunk, byte[] image, byte[] whole)
    {
        try
        {
            if (await damaged.FillAsync([chunk], image) == 0)
                return 0;
        }
        catch (InvalidDataException)
        {
            return 0;
        }

        var range = (int)chunk.Offset..(int)chunk.End;
        Assert.That(image[range].SequenceEqual(whole[range]));
        return 1;
    }
}
