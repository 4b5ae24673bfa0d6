using System.Text;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Erofs.Tables;
using Containerd.Snapshots.Erofs.Tar;

namespace Containerd.Snapshots.Tests.Erofs.Tables;

/// <summary>A table is used if the manifest vouches for it, and for nothing else; otherwise the reason is said.</summary>
internal sealed class FindTests
{
    private const string Gzip = "application/vnd.oci.image.layer.v1.tar+gzip", Zstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    private const string Stargz = "containerd.io/snapshot/stargz/toc.digest";
    private const string Checksum = "io.github.containers.zstd-chunked.manifest-checksum", Position = "io.github.containers.zstd-chunked.manifest-position";
    private const string OldChecksum = "io.containers.zstd-chunked.manifest-checksum", OldPosition = "io.containers.zstd-chunked.manifest-position";
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [TestCase(Gzip, LayerTableKind.EStargz, Stargz)]
    [TestCase("application/vnd.docker.image.rootfs.diff.tar.gzip", LayerTableKind.EStargz, Stargz)]
    [TestCase(Zstd, LayerTableKind.ZstdChunked, Checksum, Position)]
    [TestCase(Zstd, LayerTableKind.ZstdChunked, OldChecksum, OldPosition)]
    [TestCase(Zstd, LayerTableKind.ZstdChunked, Checksum)]
    [TestCase(Zstd, LayerTableKind.ZstdStargz, Stargz, OldChecksum, OldPosition)]
    [TestCase(Zstd, LayerTableKind.ZstdStargz, Stargz)]
    public void Tables_of_all_tools(string mediaType, LayerTableKind kind, params string[] annotations)
    {
        Assert.That(LayerTable.TryFind(mediaType, 1000, Annotations("100:50:200:1", annotations), out var table, out var reason), reason);
        Assert.That((table!.Kind, table.LayerSize, reason), Is.EqualTo((kind, 1000L, (string?)null)));
    }

    [TestCase("no table", Gzip)]
    [TestCase("no table", Zstd, Position)]
    [TestCase("both kinds", Zstd, Stargz, Checksum, Position)]
    [TestCase("both kinds", Gzip, Stargz, Checksum, Position)]
    [TestCase("both kinds", Zstd, OldChecksum, Checksum, Position)]
    [TestCase("media type", Gzip, Checksum, Position)]
    [TestCase("media type", Gzip, Stargz, OldChecksum)]
    [TestCase("encrypted", "application/vnd.oci.image.layer.v1.tar+gzip+encrypted", Stargz)]
    public void What_is_no_table_of_the_manifest(string words, string mediaType, params string[] annotations) =>
        Refused(mediaType, Annotations("100:50:200:1", annotations), words);

    [TestCase("")]
    [TestCase("100:50:200")]
    [TestCase("100:50:200:1:1")]
    [TestCase("100:50:200:2")]
    [TestCase("-100:50:200:1")]
    [TestCase(" 100:50:200:1")]
    [TestCase("100:50:200:99999999999999999999")]
    [TestCase("x:50:200:1")]
    public void Positions_that_are_none(string position) => Refused(Zstd, Annotations(position, Checksum, Position), "is not a position");

    [TestCase("1000:50:200:1")]
    [TestCase("951:50:200:1")]
    [TestCase("7:50:200:1")]
    [TestCase("100:0:200:1")]
    [TestCase("9223372036854775807:9223372036854775807:200:1")]
    [TestCase("100:9223372036854775807:200:1")]
    [TestCase("100:50:0:1")]
    [TestCase("100:50:9223372036854775807:1")]
    [TestCase("100:50:268435457:1")]
    public void Positions_that_cannot_be(string position) => Refused(Zstd, Annotations(position, Checksum, Position), "table of contents");

    [TestCase("")]
    [TestCase("sha256:")]
    [TestCase("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [TestCase("sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")]
    public void Digests_that_are_none(string digest)
    {
        Refused(Gzip, new() { [Stargz] = digest }, "is not a SHA-256 digest");
        Refused(Zstd, new() { [Checksum] = digest, [Position] = "100:50:200:1" }, "is not a SHA-256 digest");
    }

    [TestCase("", 0, 0u)]
    [TestCase("1970-01-01T00:00:00Z", 0, 0u)]
    [TestCase("2026-11-29T08:15:30Z", 1795940130, 0u)]
    [TestCase("2026-11-29T08:15:30.5+01:00", 1795936530, 500_000_000u)]
    [TestCase("2026-11-29T08:15:30.123456789-02:30", 1795949130, 123_456_789u)]
    [TestCase("1969-12-31T23:59:59.25Z", -1, 250_000_000u)]
    [TestCase("0001-01-01T00:00:00+14:00", -62135647200, 0u)]
    [TestCase("9999-12-31T23:59:59Z", 253402300799, 0u)]
    public void Times(string text, long seconds, uint nanoseconds)
    {
        Assert.That(TableTime.TryParse(Encoding.UTF8.GetBytes(text), out var time));
        Assert.That(time, Is.EqualTo(new TarTime(seconds, nanoseconds)));
    }

    [TestCase("2026-11-29")]
    [TestCase("2026-11-29T08:15:30")]
    [TestCase("2026-11-29 08:15:30Z")]
    [TestCase("2026-02-29T08:15:30Z")]
    [TestCase("2026-13-01T08:15:30Z")]
    [TestCase("2026-11-29T24:15:30Z")]
    [TestCase("2026-11-29T08:15:60Z")]
    [TestCase("0000-11-29T08:15:30Z")]
    [TestCase("2026-11-29T08:15:30.Z")]
    [TestCase("2026-11-29T08:15:30.1234567890Z")]
    [TestCase("2026-11-29T08:15:30z")]
    [TestCase("2026-11-29T08:15:30+1:00")]
    [TestCase("2026-11-29T08:15:30+24:00")]
    [TestCase("2026-11-29T08:15:30Z ")]
    [TestCase("+026-11-29T08:15:30Z")]
    public void Texts_that_are_no_times(string text) => Assert.That(TableTime.TryParse(Encoding.UTF8.GetBytes(text), out _), Is.False);

    private static Dictionary<string, string> Annotations(string position, params string[] names) =>
        names.ToDictionary(name => name, name => name.EndsWith("position", StringComparison.Ordinal) ? position : Digest);

    private static void Refused(string mediaType, Dictionary<string, string> annotations, string words)
    {
        Assert.That(LayerTable.TryFind(mediaType, 1000, annotations, out var table, out var reason), Is.False);
        Assert.That(table, Is.Null);
        Assert.That(reason, Does.Contain(words).And.Not.EndsWith("."));
    }
}
