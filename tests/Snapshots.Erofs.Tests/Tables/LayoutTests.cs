using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>A layer that is laid out by its table and filled with its chunks is the image of the whole layer, byte for byte.</summary>
[TestFixture(LayerTableKind.EStargz)]
[TestFixture(LayerTableKind.ZstdChunked)]
[TestFixture(LayerTableKind.ZstdStargz)]
internal sealed class LayoutTests(LayerTableKind kind)
{
    private const string Capability = "\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(1000)]
    public async Task Everything_that_a_layer_has(int chunksInMember)
    {
        var layer = Everything(new(kind) { ChunksInMember = chunksInMember }).Build();

        await CheckAsync(layer);
    }

    [Test]
    public async Task A_run_is_one_request()
    {
        var layer = Everything(new(kind)).Build();
        var (layout, image) = await layer.LayOutAsync();
        var before = layer.Requests;

        var right = await layer.FillAsync([.. layout.Chunks], image);

        Assert.That((layer.Requests - before, right), Is.EqualTo((1, layout.Chunks.Count)));
    }

    [Test]
    public async Task A_run_with_gaps()
    {
        var layer = Everything(new(kind) { ChunksInMember = 3 }).Build();
        var (layout, image) = await layer.LayOutAsync();
        List<LazyChunk> some = [.. layout.Chunks.Where((_, i) => i % 3 != 1 || i % 4 == 0)];

        Assert.That(await layer.FillAsync(some, image), Is.EqualTo(some.Count));
    }

    [Test]
    public async Task The_landmark_is_where_prefetching_ends()
    {
        var layer = new LazyLayerBuilder(kind).File("first", new('1', 10_000)).File(".prefetch.landmark", "\x0F").File("later").Build();

        var (layout, _) = await layer.LayOutAsync();

        Assert.That(layout.PrefetchEnd, Is.EqualTo(4096 + 12_288));
        Assert.That(layout.Chunks.Count(chunk => chunk.Offset < layout.PrefetchEnd), Is.EqualTo(4));
    }

    [Test]
    public async Task Another_landmark_is_none()
    {
        var layer = new LazyLayerBuilder(kind).File(".no.prefetch.landmark", "\x0F").File("a/.prefetch.landmark", "x").Build();

        Assert.That((await layer.LayOutAsync()).Layout.PrefetchEnd, Is.Zero);
    }

    [Test]
    public async Task Directories_without_entries_are_described_from_below()
    {
        var asked = new List<string>();
        var options = new ErofsLayerOptions
        {
            FindDirectoryBelow = (path, _) =>
            {
                asked.Add(path);
                return new(new ErofsAttributes(0x1C0, 5, 6, 7));
            },
        };
        var layer = new LazyLayerBuilder(kind).File("a/b/c").Build();

        await CheckAsync(layer, options);

        Assert.That(asked, Is.EqualTo((string[])["a", "a/b", "a", "a/b"]));
    }

    [Test]
    public async Task An_empty_layer() => await CheckAsync(new LazyLayerBuilder(kind).Build());

    [Test]
    public async Task Opaque_directories_in_a_user_namespace() =>
        await CheckAsync(Everything(new(kind)).Build(), new() { UserNamespace = true });

    private static LazyLayerBuilder Everything(LazyLayerBuilder layer)
    {
        var random = new Random(5);
        string Random(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(256)));
        return layer.Folder("./").File("./empty", "").File("usr/bin/small", "small").File("large", Random(20_000)).File("exact", Random(6_000))
            .File("zeros", new('\0', 9_000)).File("mixed", Random(3_000) + new string('\0', 6_000) + Random(1_500)).File("end", Random(3_000) + new string('\0', 3_000))
            .HardLink("hard", "usr/bin/small", mode: 0x1FF).Link("link", "usr/bin").File("link/through", Random(100))
            .Device("dev", 1, 3).BlockDevice("block", 7, 300).Pipe("pipe").Folder("dir", 0x3FF, 5).File("dir/set", mode: 0x9ED, user: 70_000)
            .File("attributes", Random(4_097), attributes: [("user.a", "b"), ("security.capability", Capability), ("user.empty", "\0")])
            .File(".wh.gone", "").File("dir/.wh.gone", "with content").File("dir/.wh..wh..opq", "").File("grün \n\"\\<&>\u2028", "names")
            .File("large", "replaced").Link("small", "x").File("dir", "in place of a directory").Folder("dir", time: 9)
            .File(new string('n', 90) + "/" + new string('m', 90), Random(10)).Folder("usr", time: 0);
    }

    private static async Task CheckAsync(LazyLayerBytes layer, ErofsLayerOptions? options = null)
    {
        var (layout, image) = await layer.LayOutAsync(options);
        var (digests, whole) = await layer.WriteWholeAsync(options);
        if (layout.Chunks.Count > 0)
            Assert.That(await layer.FillAsync([.. layout.Chunks], image), Is.EqualTo(layout.Chunks.Count));

        Assert.Multiple(() =>
        {
            Assert.That(image.AsSpan().SequenceEqual(whole), "the image");
            Assert.That(layout.Usage, Is.EqualTo(digests.Usage));
            Assert.That(layout.ImpliedDirectories, Is.EqualTo(digests.ImpliedDirectories));
        });
    }
}
