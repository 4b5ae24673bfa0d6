using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>What the real tools write is read, and is the image of the whole layer.</summary>
[Category("Root")]
internal sealed class RealToolTests
{
    private RealTools _tools = null!;

    [OneTimeSetUp]
    public async Task MakeLayer()
    {
        Tools.Require("tar", "setfattr");
        using var tree = await SourceTree.MakeAsync();
        var archive = Path.GetTempFileName();

        // Tables of contents cannot tell of parts of seconds, names that are not UTF-8, and, in Podman's tools of 2022, empty
        // attributes.
        const string Script = """
            set -e; cd "$1"
            find . -name 'raw*' -delete
            setfattr -x user.empty empty
            mkdir -p deleted; touch .wh.gone deleted/.wh..wh..opq
            for i in $(seq 3); do head -c 700000 /dev/urandom; head -c 300000 /dev/zero; done > mixed
            find . -exec touch -h -d '2020-02-02 02:02:02' {} +
            tar --xattrs --xattrs-include='*' --format=posix -cf "$2" .
            """;
        (await Command.RunAsync(["bash", "-c", Script, "bash", tree.Path, archive])).AssertSucceeded();
        _tools = await RealTools.BeginAsync(await File.ReadAllBytesAsync(archive));
        File.Delete(archive);
    }

    [OneTimeTearDown]
    public async Task EndTools() => await _tools.DisposeAsync();

    [Test]
    public async Task Stargz() => await CheckAsync(await _tools.ConvertAsync(LayerTableKind.EStargz));

    [Test]
    public async Task Stargz_in_small_chunks() => await CheckAsync(await _tools.ConvertAsync(LayerTableKind.EStargz, "--estargz-chunk-size", "65536"));

    [Test]
    public async Task Zstd_chunked_of_the_tool_of_stargz() => await CheckAsync(await _tools.ConvertAsync(LayerTableKind.ZstdStargz));

    [Test]
    public async Task Zstd_chunked_of_a_tool_of_Podman() => await CheckAsync(await _tools.CopyAsync());

    private static async Task CheckAsync(LazyLayerBytes layer)
    {
        var (layout, image) = await layer.LayOutAsync();
        Assert.That(layout.Files, Is.GreaterThan(500));
        foreach (var run in layout.Chunks.Chunk(100))
            Assert.That(await layer.FillAsync(run, image), Is.EqualTo(run.Length));

        var (digests, whole) = await layer.WriteWholeAsync();
        Assert.That(image.AsSpan().SequenceEqual(whole));
        Assert.That(layout.Usage, Is.EqualTo(digests.Usage));
    }
}
