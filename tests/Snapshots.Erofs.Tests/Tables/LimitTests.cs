using System.Text.Json.Nodes;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>What a table can make grow has a limit, and what cannot be read lazily is refused with a reason.</summary>
[TestFixture(LayerTableKind.EStargz)]
[TestFixture(LayerTableKind.ZstdChunked)]
[TestFixture(LayerTableKind.ZstdStargz)]
internal sealed class LimitTests(LayerTableKind kind)
{
    [Test]
    public void Too_many_files()
    {
        var layer = new LazyLayerBuilder(kind);
        for (var i = 0; i < 100; i++)
            layer.File($"{i}", "");

        Refused(layer, "more than 50 files", new() { MaxFiles = 50 });
    }

    [Test]
    public void Names_that_take_too_much_memory()
    {
        var layer = new LazyLayerBuilder(kind);
        for (var i = 0; i < 100; i++)
            layer.File($"{i}/{string.Concat(Enumerable.Repeat("a/", 1500))}x", "");

        Refused(layer, "bytes of memory", new() { MaxMemory = 1 << 24 });
    }

    [Test]
    public void Contents_that_are_too_long() => Refused(One(), "more than 1000 bytes", new() { MaxSize = 1000 });

    [Test]
    public void Lengths_that_overflow() => Refused(One(entry => entry["size"] = long.MaxValue), "16 TiB");

    [Test]
    public void A_negative_length() => Refused(One(entry => entry["size"] = -1), "-1 bytes");

    [Test]
    public void A_chunk_that_is_too_long() => Refused(
        One(entry =>
        {
            entry["size"] = LazyChunk.MaxLength + 1;
            entry.Remove("chunkSize");
        }, more: false),
        "read lazily");

    [Test]
    public void A_chunk_without_a_digest() => Refused(
        One(entry =>
        {
            entry.Remove("digest");
            entry.Remove("chunkDigest");
        }),
        "without a digest");

    [Test]
    public void Contents_behind_the_table() => Refused(One(entry => entry["offset"] = 1 << 20), "not between");

    [Test]
    public void Contents_at_the_same_place()
    {
        var layer = new LazyLayerBuilder(kind).File("a").File("b");
        layer.Change = entries =>
        {
            entries[1]!["offset"] = entries[0]!["offset"]!.DeepClone();
            entries[1]!["innerOffset"] = entries[0]!["innerOffset"]?.DeepClone();
        };

        Refused(layer, "table of contents is damaged");
    }

    [Test]
    public void Contents_in_another_order()
    {
        var layer = new LazyLayerBuilder(kind).File("a").File("b");
        layer.Change = entries => (entries[0]!["name"], entries[1]!["name"], entries[0]!["offset"], entries[1]!["offset"], entries[0]!["endOffset"], entries[1]!["endOffset"]) =
            ("b", "a", entries[1]!["offset"]!.DeepClone(), entries[0]!["offset"]!.DeepClone(), entries[1]!["endOffset"]?.DeepClone(), entries[0]!["endOffset"]?.DeepClone());

        Refused(layer, "not between");
    }

    [Test]
    public void Content_far_inside_a_member() => Refused(One(entry => entry["innerOffset"] = (64 << 20) + 1), "bytes in");

    [Test]
    public void Chunks_that_are_less_than_the_file() => Refused(
        One(entry => entry["chunkSize"] = 10), "table of contents");

    [Test]
    public void A_chunk_of_no_file()
    {
        var layer = new LazyLayerBuilder(kind).Folder("a");
        layer.Change = entries => entries.Add(new JsonObject { ["type"] = "chunk", ["chunkOffset"] = 5, ["chunkSize"] = 5 });

        Refused(layer, "has no file");
    }

    [TestCase("\uFFFD")]
    [TestCase("a/\uFFFDb")]
    public void A_name_that_the_table_has_lost(string name) => Refused(new LazyLayerBuilder(kind).File(name), "not UTF-8");

    [Test]
    public void A_name_that_is_too_long() => Refused(One(entry => entry["name"] = new string('a', 5000)), "more than 4097 bytes");

    [Test]
    public void A_text_that_is_too_long() => Refused(One(entry => entry["xattrs"] = new JsonObject { ["user.a"] = new string('A', 1 << 20) }), "too long");

    [Test]
    public void An_attribute_that_is_too_long() => Refused(One(entry => entry["xattrs"] = new JsonObject { ["user.a"] = Convert.ToBase64String(new byte[70_000]) }), "extended attribute");

    [TestCase("""{"version":2,"entries":[]}""", "version 2")]
    [TestCase("""{"entries":[]}""", "version none")]
    [TestCase("""[]""", "one object")]
    [TestCase("""{"version":1,"entries":[1]}""", "one object")]
    [TestCase("""{"version":1,"entries":[{}]}""", "has no type")]
    [TestCase("""{"version":1,"entries":[]""", "damaged")]
    [TestCase("""{"version":1,"entries":[]}}""", "damaged")]
    [TestCase("""{"version":1,"entries":[{"type":"socket"}]}""", "type of an entry")]
    [TestCase("""{"version":1,"x":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}""", "damaged")]
    public void Tables_that_are_none(string json, string words) => Refused(new LazyLayerBuilder(kind) { ChangeTable = _ => System.Text.Encoding.UTF8.GetBytes(json) }, words);

    [TestCase("""{"version":1,"entries":null}""")]
    [TestCase("""{"x":{"entries":[5]},"entries":[],"tarSplitDigest":"y","version":1,"z":[{"a":[]}]}""")]
    [TestCase("""{"version":1,"entries":[{"new":[{"a":{"type":"b"}}],"type":"dir","name":"x","NumLink":2,"mode":493,"uid":null}]}""")]
    public async Task Properties_that_are_not_known(string json) =>
        Assert.That((await (new LazyLayerBuilder(kind) { ChangeTable = _ => System.Text.Encoding.UTF8.GetBytes(json) }).Build().LayOutAsync()).Layout.Files, Is.GreaterThan(0));

    [Test]
    public void A_table_in_another_image()
    {
        byte[] end = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 21, 0, (byte)'S', (byte)'G', 17, 0, .. "STARGZEXTERNALTOC"u8, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
        var layer = new LazyLayerBuilder(LayerTableKind.EStargz).File("a").Build();

        Assert.That(() => (layer with { Blob = [.. layer.Blob[..(int)layer.TableStart], .. end] }).LayOutAsync(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("in another image"));
    }

    [Test]
    public async Task The_footer_of_the_first_versions()
    {
        var layer = new LazyLayerBuilder(LayerTableKind.EStargz) { HasOldFooter = true }.File("a").Build();

        await layer.LayOutAsync();
        await layer.VerifyAsync();
    }

    [Test]
    public async Task A_table_behind_the_last_bytes_that_are_fetched_first()
    {
        var random = new Random(1);
        var layer = new LazyLayerBuilder(kind);
        for (var i = 0; i < 4_000; i++)
            layer.File($"{random.Next():x}{random.Next():x}{random.Next():x}", "");

        await layer.Build().VerifyAsync();
    }

    private LazyLayerBuilder One(Action<JsonObject>? change = null, bool more = true)
    {
        var layer = new LazyLayerBuilder(kind).File("a", new('x', more ? 6_000 : 10));
        layer.Change = entries => change?.Invoke((JsonObject)entries[0]!);
        return layer;
    }

    private static void Refused(LazyLayerBuilder layer, string words, ErofsLayerOptions? options = null) =>
        Assert.That(() => layer.Build().LayOutAsync(options), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(words));
}
