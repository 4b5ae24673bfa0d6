using System.Text.Json.Nodes;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>The pass over the whole layer fills the image, and finds every lie of a table that the manifest vouches for.</summary>
[TestFixture(LayerTableKind.EStargz)]
[TestFixture(LayerTableKind.ZstdChunked)]
[TestFixture(LayerTableKind.ZstdStargz)]
internal sealed class VerificationTests(LayerTableKind kind)
{
    [TestCase(0)]
    [TestCase(2)]
    [TestCase(1000)]
    public async Task An_honest_layer_is_filled(int filled) => await Layer().Build().VerifyAsync(filled: filled);

    [TestCase("499999999")]
    [TestCase("5")]
    [TestCase("999999999")]
    public async Task Parts_of_seconds_are_what_the_table_can_tell(string fraction) =>
        await Layer().File("precise", fraction: fraction).Build().VerifyAsync();

    [Test]
    public void Another_name() => Lies(entries => entries[1]!["name"] = "usr/bin/other");

    [Test]
    public void Another_mode() => Lies(entries => entries[1]!["mode"] = 0x9ED);

    [Test]
    public void Another_owner() => Lies(entries => entries[1]!["uid"] = 7);

    [Test]
    public void Another_time() => Lies(entries => entries[1]!["modtime"] = "2001-02-03T04:05:06Z");

    [Test]
    public void Another_target() => Lies(entries => Named(entries, "link")["linkName"] = "elsewhere");

    [Test]
    public void Another_device() => Lies(entries => Named(entries, "dev")["devMinor"] = 4);

    [Test]
    public void An_attribute_more() => Lies(entries => entries[1]!["xattrs"] = new JsonObject { ["user.a"] = "Yg==" });

    [Test]
    public void An_attribute_less() => Lies(entries => Named(entries, "attributes").Remove("xattrs"));

    [Test]
    public void A_file_less() => Lies(entries => entries.RemoveAt(entries.Count - 1));

    [Test]
    public void A_directory_less() => Lies(entries => entries.RemoveAt(0));

    [Test]
    public void A_file_more() => Lies(entries => entries.Add(new JsonObject { ["name"] = "more", ["type"] = "dir", ["mode"] = 0x1ED }));

    [Test]
    public void A_whiteout_less() => Lies(entries => entries.Remove(Named(entries, ".wh.gone")));

    [Test]
    public void Two_names_swapped() => Lies(entries => (Named(entries, "a")["name"], Named(entries, "b")["name"]) = ("b", "a"));

    [Test]
    public void Another_chunks_bytes() => Lies(
        entries =>
        {
            // The first chunk's bytes again: they have a digest, and are in the layer, but not in this place.
            var (first, last) = (Named(entries, "large"), Named(entries, "b"));
            last["digest"] = first["chunkDigest"]!.DeepClone();
            if (last.ContainsKey("chunkDigest"))
                last["chunkDigest"] = first["chunkDigest"]!.DeepClone();
        });

    [Test]
    public void Zeros_that_are_none()
    {
        if (kind == LayerTableKind.ZstdChunked)
            Lies(entries => Named(entries, "large")["chunkType"] = "zeros");
    }

    [Test]
    public async Task Contents_in_a_frame_that_readers_of_archives_skip()
    {
        if (kind == LayerTableKind.EStargz)
            return;

        // What is shown lazily is in a frame of its own inside one that is skipped, and the archive has something else.
        var evil = LazyLayerBuilder.Zstd("evil!"u8.ToArray());
        var start = new LazyLayerBuilder(kind).File("file", "good!").Build().TableStart;
        var layer = new LazyLayerBuilder(kind)
        {
            Hidden = LazyLayerBuilder.Skipped(evil),
            Change = entries =>
            {
                entries[0]!["offset"] = start;
                entries[0]!["digest"] = LazyLayerBuilder.Sha256("evil!"u8);
                entries[0]!["chunkDigest"] = LazyLayerBuilder.Sha256("evil!"u8);
                ((JsonObject)entries[0]!).Remove("innerOffset");
                ((JsonObject)entries[0]!).Remove("endOffset");
            },
        }.File("file", "good!").Build();
        var (layout, image) = await layer.LayOutAsync();
        Assert.That(await layer.FillAsync([.. layout.Chunks], image), Is.EqualTo(1), "the manifest vouches for it");

        Assert.That(() => layer.VerifyAsync(), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void Another_archive_behind_the_same_table()
    {
        var layer = Layer().Build();
        var other = Layer(last: "other").Build();

        Assert.That(() => layer.VerifyAsync(other.Blob), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void A_sparse_file()
    {
        var archive = new TarBuilder().Records(("GNU.sparse.major", "0"), ("GNU.sparse.minor", "1"), ("GNU.sparse.name", "a"), ("GNU.sparse.realsize", "5000"), ("GNU.sparse.numblocks", "1"), ("GNU.sparse.map", "0,1"))
            .File("GNUSparseFile/a", "x").Zeros(2).ToArray();

        Assert.That(() => Layer().Build().VerifyAsync(archive), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("sparse"));
    }

    private LazyLayerBuilder Layer(string last = "last") => new LazyLayerBuilder(kind).Folder("usr").File("usr/bin/small", "small").File("a", "12345").File("large", new('x', 10_000))
        .Link("link", "usr").Device("dev", 1, 3).HardLink("hard", "a").File("attributes", attributes: [("user.b", "c")]).File(".wh.gone", "").File("b", "67890").File("last", last);

    private void Lies(Action<JsonArray> change)
    {
        var layer = Layer();
        layer.Change = change;

        Assert.That(() => layer.Build().VerifyAsync(), Throws.InstanceOf<InvalidDataException>());
    }

    private static JsonObject Named(JsonArray entries, string name) => (JsonObject)entries.First(each => each!["name"]!.GetValue<string>() == name)!;
}
