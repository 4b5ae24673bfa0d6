using System.Formats.Tar;
using System.IO.Compression;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Containerd;

/// <summary>An image has what containerd's own unpacking makes of its layer, path by path, and what that refuses is refused. SNAPSHOTS_EROFS_LONG makes more of them.</summary>
[Category("Root")]
internal sealed class UnpackingTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("SNAPSHOTS_EROFS_LONG") is not null;

    private Unpacking _unpacking = null!;

    [OneTimeSetUp]
    public async Task BeginAsync() => _unpacking = await Unpacking.BeginAsync();

    [OneTimeTearDown]
    public void End() => _unpacking?.Dispose();

    [Test]
    public async Task Strange_layers()
    {
        var layers = StrangeLayers.All().ToList();
        var files = layers.Select((layer, i) => Write($"strange-{i}", layer.Archive)).ToList();

        var differences = await _unpacking.CompareAsync(files);

        Assert.That(layers.Zip(differences).Where(each => each.Second is not (null or Unpacking.RefusedByBoth)).Select(each => $"{each.First.Name}: {each.Second}"), Is.Empty);
        Assert.That(differences.Count(each => each == Unpacking.RefusedByBoth), Is.EqualTo(42));
    }

    [Test]
    public async Task Random_layers()
    {
        var count = IsLong ? 10_000 : 80;
        foreach (var seeds in Enumerable.Range(0, count).Chunk(200))
        {
            var files = seeds.Select(seed => Write($"random-{seed}", RandomLayers.Make(seed))).ToList();

            var differences = await _unpacking.CompareAsync(files);

            Assert.That(seeds.Zip(differences).Where(each => each.Second is not (null or Unpacking.RefusedByBoth)).Select(each => $"seed {each.First}: {each.Second}"), Is.Empty);
            Assert.That(differences, Has.Some.Null.And.Some.EqualTo(Unpacking.RefusedByBoth));
        }
    }

    [TestCase(TarEntryFormat.V7)]
    [TestCase(TarEntryFormat.Ustar)]
    [TestCase(TarEntryFormat.Pax)]
    [TestCase(TarEntryFormat.Gnu)]
    public async Task Layers_that_NET_writes(TarEntryFormat format)
    {
        using var tree = await SourceTree.MakePlainAsync();
        var layer = $"{_unpacking.Folder}/net-{format}.tar.gz";
        await using (var file = File.Create(layer))
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(gzip, format))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(tree.Path, "*", SearchOption.AllDirectories))
                await tar.WriteEntryAsync(path, Path.GetRelativePath(tree.Path, path));
        }

        Assert.That(await _unpacking.CompareAsync([layer]), Has.All.Null);
    }

    [Test]
    public async Task Layers_that_GNU_tar_writes()
    {
        Tools.Require("tar", "gzip");
        using var tree = await SourceTree.MakeAsync();
        const string Everything = "--format=posix --xattrs --xattrs-include='*'";
        string[] options =
        [
            "--format=gnu", "--format=oldgnu", "--format=posix", Everything, $"{Everything} --sparse --sparse-version=0.0",
            $"{Everything} --sparse --sparse-version=0.1", $"{Everything} --sparse --sparse-version=1.0", $"{Everything} --sort=name --hard-dereference",
            $"{Everything} --pax-option=delete=atime,delete=ctime --transform='s,^\\./,,'", "--format=gnu --no-recursion usr/bin/hello usr/bin/hard deep --exclude=.",
        ];
        var layers = await Task.WhenAll(options.Select(async (each, i) =>
        {
            var layer = $"{_unpacking.Folder}/gnu-{i}";
            var pack = i % 2 == 0 ? "cat" : "gzip -1";
            (await Command.RunAsync(["bash", "-c", $"set -o pipefail; tar --numeric-owner -C {tree.Path} {each} -cf - . | {pack} > {layer}"])).AssertSucceeded();
            return layer;
        }));

        Assert.That(await _unpacking.CompareAsync(layers), Has.All.Null);
    }

    [Test]
    public async Task Layers_that_containerd_writes()
    {
        using var tree = await SourceTree.MakeAsync();

        var layer = await _unpacking.PackAsync(tree.Path, "own");

        Assert.That(await _unpacking.CompareAsync([layer, await ZstdAsync(layer)]), Has.All.Null);
    }

    [Test]
    public async Task Parts_of_Debian()
    {
        string[] folders = ["/etc", "/usr/sbin", "/var/lib/dpkg", "/usr/share/perl5"];
        var layers = await Task.WhenAll(folders.Where(Directory.Exists).Select(async (folder, i) =>
        {
            var layer = $"{_unpacking.Folder}/debian-{i}";
            (await Command.RunAsync(["bash", "-c", $"tar -C / -cf - {folder[1..]} 2>/dev/null | gzip -1 > {layer}"])).AssertSucceeded();
            return layer;
        }));

        Assert.That(await _unpacking.CompareAsync(layers), Has.All.Null);
    }

    [Test]
    public async Task Many_files()
    {
        var count = IsLong ? 100_000 : 2_000;
        var archive = new TarBuilder();
        for (var i = 0; i < count; i++)
            archive.File($"many/{i % 7}/file number {i}", $"{i}", time: i);

        Assert.That(await _unpacking.CompareAsync([Write("many", archive.ToArray())]), Has.All.Null);
    }

    [Test]
    public async Task Directories_that_only_the_layers_below_describe()
    {
        const string Make = "cd \"$1\"; mkdir -p below/deeper; chmod 2750 below; chown 5:6 below/deeper; setfattr -n user.x -v y below";
        (await Command.RunAsync(["bash", "-c", Make, "bash", _unpacking.Below])).AssertSucceeded();
        var layer = Write("implied", new TarBuilder().File("below/deeper/x").File("other/y").ToArray());
        List<string> asked = [];
        var options = new ErofsLayerOptions
        {
            FindDirectoryBelow = (path, _) =>
            {
                asked.Add(path);
                return new(path switch
                {
                    "below" => new ErofsAttributes(0x5E8, 0, 0, 1) { ExtendedAttributes = [new("user.x", "y"u8.ToArray()), new("trusted.x", [])] },
                    "below/deeper" => new ErofsAttributes(0x1ED, 5, 6, 1),
                    _ => null,
                });
            },
        };

        Assert.That(await _unpacking.CompareAsync([layer], options), Has.All.Null);
        Assert.That(asked, Is.EquivalentTo(new[] { "below", "below/deeper", "other" }));
    }

    private string Write(string name, byte[] bytes)
    {
        var path = $"{_unpacking.Folder}/{name}";
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static async Task<string> ZstdAsync(string layer)
    {
        using var compressor = new ZstdSharp.Compressor();
        await File.WriteAllBytesAsync($"{layer}.zst", compressor.Wrap(await File.ReadAllBytesAsync(layer)).ToArray());
        return $"{layer}.zst";
    }
}
