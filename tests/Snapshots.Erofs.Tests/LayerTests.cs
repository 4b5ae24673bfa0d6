using System.Security.Cryptography;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs;

/// <summary>Layers that GNU tar makes of a tree, against that tree.</summary>
[Category("Root")]
internal sealed class LayerTests
{
    // Everything that Debian's tools can make in a tree.
    private const string Make = """
        set -e
        mkdir -p "$1" && cd "$1"
        mkdir -p usr/bin empty "dir with spaces" deep/$(printf 'd/%.0s' $(seq 60))
        echo hello > usr/bin/hello; chmod 4755 usr/bin/hello; chown 1000:70000 usr/bin/hello
        ln usr/bin/hello usr/bin/hard; ln -s ../bin/hello usr/bin/soft; ln -s /nowhere usr/absolute
        : > empty/file; head -c 4096 /dev/urandom > page; head -c 3000001 /dev/urandom > large
        mkfifo pipe; mknod character c 1 3; mknod block b 7 300; chmod 1777 empty
        touch -d '1999-12-31 23:59:59.123456789' page; touch -d '2040-01-01' large
        name=$(printf 'n%.0s' $(seq 200)); echo long > "$name"; mkdir -p "$name-1/$name-2"; echo longer > "$name-1/$name-2/$name"
        ln -s "$name-1/$name-2/$name/$name" long-link; ln "$name-1/$name-2/$name" hard-long
        printf 'a\nb' > 'line
        feed'; echo utf > 'grün'; echo raw > "$(printf 'raw\377')"
        truncate -s 10M hole; printf data | dd of=hole bs=1 seek=5000000 conv=notrunc 2>/dev/null
        truncate -s 3M tail; truncate -s 1M start; printf x >> start
        for i in $(seq 40); do printf $i | dd of=holes bs=1 seek=$((i * 100000)) conv=notrunc 2>/dev/null; done
        setfattr -n user.text -v value page; setfattr -n user.empty empty
        setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 large
        for i in $(seq 500); do echo $i > dir\ with\ spaces/$i; done
        find . -exec touch -h -d '2020-02-02 02:02:02' {} + ; touch -h -d '1970-01-01' usr/absolute; touch -d '2020-01-01 00:00:00.5' empty
        """;

    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public async Task MakeTree()
    {
        Tools.Require("tar", "gzip", "setfattr", "fsck.erofs");
        _folder = Directory.CreateTempSubdirectory("layer-");
        (await Command.RunAsync(["bash", "-c", Make, "bash", $"{_folder.FullName}/tree"])).AssertSucceeded();
    }

    // By a tool, since some names are no text.
    [OneTimeTearDown]
    public async Task DeleteTree() => await Command.RunAsync(["rm", "-rf", _folder.FullName]);

    [TestCase("--format=gnu", "")]
    [TestCase("--format=posix --xattrs --xattrs-include=*", "")]
    [TestCase("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=0.0", "gzip")]
    [TestCase("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=0.1", "zstd")]
    [TestCase("--format=posix --xattrs --xattrs-include=* --sparse --sparse-version=1.0", "members")]
    public async Task A_layer_has_the_files_that_it_was_made_of(string options, string compression)
    {
        var archive = $"{_folder.FullName}/layer.tar";
        (await Command.RunAsync(["sh", "-c", $"tar {options.Replace("=*", "='*'", StringComparison.Ordinal)} --numeric-owner -C {_folder.FullName}/tree -cf {archive} ."])).AssertSucceeded();
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

    private async Task AssertIsTreeAsync(string image, bool hasAttributes, bool hasParts)
    {
        (await Command.RunAsync(["fsck.erofs", image])).AssertSucceeded();
        var expected = await Tree.ShowAsync($"{_folder.FullName}/tree");
        using var mounted = await MountedImage.OfAsync(image);
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
