namespace Containerd.Snapshots.Tests.Model;

/// <summary>A label becomes a path only as a checked digest.</summary>
internal sealed class SnapshotDigestTests
{
    private const string Hex = "1cae059b226f909b30e7f6f27e393c5e3920b98843bafcf371f42da552de45f1";

    [TestCase("sha256", 1)]
    [TestCase("sha512", 2)]
    public void A_digest_is_parsed(string algorithm, int times)
    {
        var hex = string.Concat(Enumerable.Repeat(Hex, times));

        Assert.That(SnapshotDigest.TryParse($"{algorithm}:{hex}", out var digest), Is.True);

        Assert.That((digest!.Algorithm, digest.Hex, digest.ToString()), Is.EqualTo((algorithm, hex, $"{algorithm}:{hex}")));
        Assert.That(SnapshotDigest.TryParse($"{algorithm}:{hex}", out var same) && same == digest, Is.True, "They are equal.");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(Hex)]
    [TestCase("sha256:")]
    [TestCase("sha256:" + Hex + "0")]
    [TestCase("sha512:" + Hex)]
    [TestCase("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase("SHA256:" + Hex)]
    [TestCase("sha256:1CAE059B226F909B30E7F6F27E393C5E3920B98843BAFCF371F42DA552DE45F1")]
    [TestCase("sha256:../../../../../../../../../../../../../../../../../../../etc/passwd")]
    [TestCase("sha256:./ae059b226f909b30e7f6f27e393c5e3920b98843bafcf371f42da552de45f1")]
    [TestCase("../sha256:" + Hex)]
    [TestCase("sha256:" + Hex + ":" + Hex)]
    [TestCase(" sha256:" + Hex)]
    [TestCase("sha256:" + Hex + "\n")]
    [TestCase("sha256:\u0661cae059b226f909b30e7f6f27e393c5e3920b98843bafcf371f42da552de45f")]
    public void Anything_else_is_no_digest(string? text)
    {
        Assert.That(SnapshotDigest.TryParse(text, out var digest), Is.False);
        Assert.That(digest, Is.Null);
    }
}
