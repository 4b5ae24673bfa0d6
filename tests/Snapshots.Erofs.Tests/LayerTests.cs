using System.Security.Cryptography;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs;

/// <summary>Layers that GNU tar makes of a tree, against that tree.</summary>
[Category("Root")]
internal sealed class LayerTests
{
    private SourceTree _tree = null!;
    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public async Task MakeTree()
    {
        Tools.Require("tar", "gzip", "setfattr", "fsck.erofs");
        _folder = Directory.CreateTempSubdirectory("layer-");
        _tree = await SourceTree.MakeAsync();
    }

    [OneTimeTearDown]
    public void DeleteTree()
    {
        _tree?.Dispose();
        _folder?.Delete(recursive: true);
    }

    [TestCase("--format=gnu", "")]
    [TestCase("--format=posix --xattrs --xattrs-include=*", "")]
    [TestCase("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=0.0", "gzip")]
    [TestCase("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=0.1", "zstd")]
    [TestCase("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=1.0", "members")]
    public async Task A_layer_has_the_files_that_it_was_made_of(string options, string compression)
    {
        var archive = $"{_folder.FullName}/layer.tar";
        (await Command.RunAsync(["sh", "-c", $"tar {options.Replace("=*", "='*'", StringComparison.Ordinal)} --numeric-owner -C {_tree.Path} -cf {archive} ."])).AssertSucceeded();
        var layer = await CompressAsync(archive, compression);
        var path = $"{_folder.FullName}/image";

        ErofsLayerDigests digests;
        await using (var image = File.Create(path))
        await using (var stream = File.OpenRead(layer))
            digests = await ErofsLayer.WriteAsync(stream, image);

        await AssertIsTreeAsync(path, hasAttributes: options.Contains("xattrs", StringComparison.Ordinal), hasParts: options.Contains("posix", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(digests.Digest?.ToString(), Is.EqualTo(DigestOf(layer)));
            Assert.That(digests.DiffId.ToString(), Is.EqualTo(DigestOf(archive)));
            Assert.That((digests.Size, digests.ArchiveSize), Is.EqualTo((new FileInfo(layer).Length, new FileInfo(archive).Length)));
        });
    }

    [Test]
    public async Task Holes_take_no_space()
    {
        var records = new[] { ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", $"{100L << 30}"), ("GNU.sparse.name", "file") };
        var map = $"2\n0\n3\n{(100L << 30) - 3}\n3\n".PadRight(512, '\0');
        var layer = new TarBuilder().Records(records).File("x", $"{map}abcdef").ToArray();
        var path = $"{_folder.FullName}/holes";

        ErofsLayerDigests digests;
        await using (var image = File.Create(path))
            digests = await ErofsLayer.WriteAsync(new MemoryStream(layer), image);

        using var mounted = MountedImage.Of(path);
        await using var file = File.OpenRead($"{mounted.Path}/file");
        var ends = new byte[6];
        file.ReadExactly(ends, 0, 3);
        file.Seek(-3, SeekOrigin.End);
        file.ReadExactly(ends, 3, 3);
        var blocks = (await Command.RunAsync(["stat", "-c", "%b", path])).AssertSucceeded().Output;
        Assert.Multiple(() =>
        {
            Assert.That((ends, file.Length), Is.EqualTo(("abcdef"u8.ToArray(), 100L << 30)));
            Assert.That(int.Parse(blocks, System.Globalization.CultureInfo.InvariantCulture) * 512, Is.LessThan(100_000));
            Assert.That(digests.UnpackedSize, Is.LessThan(100_000));
        });
    }

    private async Task AssertIsTreeAsync(string image, bool hasAttributes, bool hasParts)
    {
        (await Command.RunAsync(["fsck.erofs", image])).AssertSucceeded();
        var expected = await Tree.ShowAsync(_tree.Path);
        using var mounted = MountedImage.Of(image);
        var shown = await Tree.ShowAsync(mounted.Path);

        Assert.That(Comparable(shown), Is.EqualTo(Comparable(expected)));

        // GNU's format has whole seconds and no extended attributes.
        string Comparable(string text) => string.Join('\n', text.TrimEnd('\n').Split('\n')
            .TakeWhile(line => hasAttributes || !line.StartsWith("# file:", StringComparison.Ordinal))
            .Select(line => hasParts ? line : line.Replace(".5000000000", ".0000000000", StringComparison.Ordinal)));
    }

    private static async Task<string> CompressAsync(string archive, string compression)
    {
        var layer = $"{archive}.{compression}";
        var command = compression switch
        {
            "gzip" => $"gzip -c {archive} > {layer}",
            "members" => $"(head -c 100000 {archive} | gzip -c; tail -c +100001 {archive} | gzip -c) > {layer}",
            "zstd" => "",
            _ => $"cp {archive} {layer}",
        };
        if (compression == "zstd")
        {
            using var compressor = new ZstdSharp.Compressor();
            await File.WriteAllBytesAsync(layer, compressor.Wrap(await File.ReadAllBytesAsync(archive)).ToArray());
            return layer;
        }

        (await Command.RunAsync(["sh", "-c", command])).AssertSucceeded();
        return layer;
    }

    private static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";
    }
}
