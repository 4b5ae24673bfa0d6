namespace Containerd.Snapshots.Tests.Remote.Images;

internal sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [TestCase("docker.io/library/debian:12", "docker.io", "library/debian", "12", null)]
    [TestCase("docker.io/library/debian", "docker.io", "library/debian", null, null)]
    [TestCase("localhost:5000/a/b_c/d.e--f@sha256:" + Hex, "localhost:5000", "a/b_c/d.e--f", null, "sha256:" + Hex)]
    [TestCase("host/a:v1.0_x-y@sha256:" + Hex, "host", "a", "v1.0_x-y", "sha256:" + Hex)]
    [TestCase("[::1]:5000/a:b", "[::1]:5000", "a", "b", null)]
    [TestCase("10.0.0.1/a", "10.0.0.1", "a", null, null)]
    public void Full_references_are_taken_apart_and_written_back(string text, string host, string repository, string? tag, string? digest)
    {
        Assert.That(ImageReference.TryParse(text, out var image));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(image!.Host, Is.EqualTo(host));
            Assert.That(image.Repository, Is.EqualTo(repository));
            Assert.That(image.Tag, Is.EqualTo(tag));
            Assert.That(image.Digest?.ToString(), Is.EqualTo(digest));
            Assert.That(image.ToString(), Is.EqualTo(text));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("debian")]
    [TestCase("debian:12")]
    [TestCase("docker.io/")]
    [TestCase("docker.io/Debian")]
    [TestCase("docker.io/a//b")]
    [TestCase("docker.io/../b")]
    [TestCase("docker.io/a/./b")]
    [TestCase("../a")]
    [TestCase("_default/a")]
    [TestCase("host/a:")]
    [TestCase("host/a:-x")]
    [TestCase("host/a b")]
    [TestCase("host/a\n")]
    [TestCase("https://host/a")]
    [TestCase("user@host/a")]
    [TestCase("host:port/a")]
    [TestCase("host/a?ns=b")]
    [TestCase("host/a@sha256:0123")]
    [TestCase("host/a@md5:0123456789abcdef0123456789abcdef")]
    [TestCase("host/a%2f..")]
    public void Anything_else_is_no_reference(string? text) => Assert.That(ImageReference.TryParse(text, out _), Is.False);

    [Test]
    public void A_name_has_at_most_255_characters()
    {
        Assert.That(ImageReference.TryParse($"host/{new string('a', 250)}", out _));
        Assert.That(ImageReference.TryParse($"host/{new string('a', 251)}", out _), Is.False);
    }
}
