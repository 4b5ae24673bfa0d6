using System.IO.Compression;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;

namespace Containerd.Snapshots.Tests.Erofs.Hostile;

/// <summary>What a layer can make grow has a limit, and damaged compression is no end.</summary>
internal sealed class LimitTests
{
    private static readonly byte[] Small = new TarBuilder().File("a").Folder("b").File("b/c", new string('x', 2000)).Zeros(2).ToArray();

    [Test]
    public void A_bomb_ends_at_the_limit_of_its_size()
    {
        var layer = Gzip(new TarBuilder().File("a", new string('\0', 64 << 20)).ToArray());

        Assert.That(() => WriteAsync(layer, new() { MaxSize = 1 << 20 }), Refused("more than 1048576 bytes without compression"));
    }

    [Test]
    public void Too_many_files()
    {
        var archive = new TarBuilder();
        for (var i = 0; i < 100; i++)
            archive.File($"{i}", "");

        Assert.That(() => WriteAsync(archive.ToArray(), new() { MaxFiles = 50 }), Refused("more than 50 files"));
    }

    [Test]
    public void Attributes_that_take_too_much_memory()
    {
        var archive = new TarBuilder();
        for (var i = 0; i < 100; i++)
            archive.Records(("SCHILY.xattr.user.x", new string('x', 60_000))).File($"{i}", "");

        Assert.That(() => WriteAsync(archive.ToArray(), new() { MaxMemory = 1 << 20 }), Refused("bytes of memory"));
    }

    [Test]
    public void Paths_that_make_too_many_directories()
    {
        var archive = new TarBuilder();
        for (var i = 0; i < 100; i++)
            archive.Records(("path", $"{i}/{string.Concat(Enumerable.Repeat("a/", 2000))}x")).File("x", "");

        Assert.That(() => WriteAsync(archive.ToArray(), new() { MaxMemory = 1 << 24 }), Refused("bytes of memory"));
    }

    [Test]
    public void A_directory_with_all_in_it_replaced_again_and_again()
    {
        var archive = new TarBuilder();
        for (var i = 0; i < 200; i++)
            archive.Records(("path", $"d/{string.Concat(Enumerable.Repeat("a/", 1000))}x")).Folder("x").File("d", "").Folder("d");

        Assert.That(() => WriteAsync(archive.ToArray(), new() { MaxMemory = 1 << 24 }), Refused("bytes of memory"));
    }

    [Test]
    public void Attributes_that_are_more_than_EROFS_takes()
    {
        var records = Enumerable.Range(0, 5).Select(i => ($"SCHILY.xattr.user.{i}", new string('x', 60_000))).ToList();

        Assert.That(() => WriteAsync(new TarBuilder().Records(records).File("a").ToArray()), Refused("bytes of extended attributes"));
    }

    [Test]
    public void Records_of_more_than_a_megabyte() =>
        Assert.That(() => WriteAsync(new TarBuilder().Records(("comment", new string('x', 1 << 20))).File("a").ToArray()), Refused("more than the limit of 1048576"));

    [Test]
    public void A_zstd_window_of_gigabytes()
    {
        // A frame whose header asks for a window of 2 GiB, and nothing else.
        byte[] layer = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 0x01, 0, 0];

        Assert.That(() => WriteAsync(layer), Refused("zstd compression is damaged"));
    }

    [Test]
    public void A_gzip_layer_that_was_cut_anywhere()
    {
        var layer = Gzip(Small);

        for (var length = 1; length < layer.Length; length++)
            Assert.That(() => WriteAsync(layer[..length]), Throws.InstanceOf<InvalidDataException>(), $"{length} of {layer.Length} bytes");
    }

    [Test]
    public void A_zstd_layer_that_was_cut_anywhere()
    {
        var layer = Zstd(Small);

        for (var length = 1; length < layer.Length; length++)
            Assert.That(() => WriteAsync(layer[..length]), Throws.InstanceOf<InvalidDataException>(), $"{length} of {layer.Length} bytes");
    }

    [TestCase("\0")]
    [TestCase("x")]
    [TestCase("\u001f")]
    [TestCase("anything else")]
    public void Bytes_behind_compressed_data(string behind) => Assert.Multiple(() =>
    {
        Assert.That(() => WriteAsync([.. Gzip(Small), .. Image.Bytes(behind)]), Throws.InstanceOf<InvalidDataException>(), "gzip");
        Assert.That(() => WriteAsync([.. Zstd(Small), .. Image.Bytes(behind)]), Throws.InstanceOf<InvalidDataException>(), "zstd");
    });

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(600)]
    public async Task Gzip_in_members_of_any_length(int length)
    {
        byte[] layer = [.. Small.Chunk(length).SelectMany(Gzip)];

        Assert.That((await WriteAsync(layer)).DiffId, Is.EqualTo((await WriteAsync(Small)).DiffId));
    }

    [Test]
    public async Task Zstd_in_frames_with_others_to_be_skipped()
    {
        byte[] skipped = [0x51, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] layer = [.. skipped, .. Zstd(Small[..1000]), .. skipped, .. Zstd(Small[1000..]), .. skipped];

        Assert.That((await WriteAsync(layer)).DiffId, Is.EqualTo((await WriteAsync(Small)).DiffId));
    }

    [Test]
    public async Task A_stream_that_gives_a_byte_at_a_time()
    {
        await using var image = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);

        var digests = await ErofsLayer.WriteAsync(new Trickle(Gzip(Small)), image, new() { ComputesDigest = false });

        Assert.Multiple(() =>
        {
            Assert.That(digests.Digest, Is.Null);
            Assert.That((digests.ArchiveSize, digests.Files), Is.EqualTo(((long)Small.Length, 4)));
            Assert.That(digests.Usage, Is.EqualTo(new SnapshotUsage(4 * 4096, 4)));
        });
    }

    [Test]
    public void A_layer_that_is_canceled()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();

        Assert.That(() => WriteAsync(Small, token: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string words) => Throws.InstanceOf<InvalidDataException>().With.Message.Contains(words);

    private static async Task<ErofsLayerDigests> WriteAsync(byte[] layer, ErofsLayerOptions? options = null, CancellationToken token = default)
    {
        await using var image = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
        await using var stream = new CancelableStream(layer);
        return await ErofsLayer.WriteAsync(stream, image, (options ?? new()) with { Syncs = false }, token);
    }

    private static byte[] Gzip(byte[] archive)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(archive);

        return compressed.ToArray();
    }

    private static byte[] Zstd(byte[] archive)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(archive).ToArray();
    }

    private sealed class CancelableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1)], cancellationToken);
    }
}
