using Microsoft.AspNetCore.Http;

namespace Containerd.Snapshots.Tests.Remote.Images;

/// <summary>Manifests and indexes, as a registry sends them.</summary>
internal sealed class ManifestTests : RegistryTest
{
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json", OciIndex = "application/vnd.oci.image.index.v1+json";

    private static readonly string Some = $"sha256:{new string('a', 64)}";

    private static readonly string Config = $$""" "config": { "mediaType": "x", "digest": "{{Some}}", "size": 1 } """;

    [Test]
    public async Task A_manifest_is_fetched_by_its_digest()
    {
        var content = TestContent.Of(10, 20, 0);
        await StartOnlyAsync(content);

        var manifest = await NewClient().GetManifestAsync(Image, content.Manifest);

        Assert.That(manifest.Digest, Is.EqualTo(content.Manifest));
        Assert.That(manifest.Layers, Is.EqualTo(content.Layers));
        Assert.That(manifest.Config.Size, Is.EqualTo(2));
    }

    [Test]
    public async Task An_index_leads_to_the_manifest_of_this_machine()
    {
        var content = TestContent.Of(10).WithIndex(Architecture);
        await StartOnlyAsync(content);
        var client = NewClient();

        var resolved = await client.ResolveAsync(Image);

        Assert.That(resolved.Target, Is.EqualTo(content.Target));
        Assert.That(resolved.Manifest.Digest, Is.EqualTo(content.Manifest));
        Assert.That((await client.GetManifestAsync(Image, content.Target)).Digest, Is.EqualTo(content.Manifest));
    }

    [Test]
    public async Task An_index_without_this_machine_is_told()
    {
        var content = TestContent.Of(10).WithIndex("sparc");
        await StartOnlyAsync(content);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.NotFound, $"{Registry}/{Repository} has no image for linux/{Architecture}");
    }

    [Test]
    public async Task A_manifest_with_another_digest_is_fetched_from_the_next_host()
    {
        var content = TestContent.Of(10);
        var (mirror, upstream) = (await StartAsync(content), await StartAsync(content));
        mirror.Falsify(content.Manifest, "{}"u8.ToArray());
        UseHosts(mirror, upstream);
        var client = NewClient();

        Assert.That((await client.GetManifestAsync(Image, content.Manifest)).Digest, Is.EqualTo(content.Manifest));

        upstream.Falsify(content.Manifest, "{ }"u8.ToArray());
        var exception = await FailsAsync(() => client.GetManifestAsync(Image, content.Manifest), RegistryError.WrongDigest, upstream.Address);
        Assert.That(exception.Found, Is.EqualTo(TestContent.Digest("{ }"u8)));
    }

    [Test]
    public async Task An_endless_manifest_is_cut_off()
    {
        var registry = await StartOnlyAsync();
        registry.Behave = async (context, _) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(new byte[65536], context.RequestAborted);
        };

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Invalid, $"{registry.Address} sends more than 4 MiB as manifest latest");
    }

    [TestCase("", "is not valid JSON")]
    [TestCase("[]", "it is not a JSON object")]
    [TestCase("{}", "is not a manifest of an image")]
    [TestCase("""{ "schemaVersion": 1, "layers": [] }""", "its schemaVersion is not 2")]
    [TestCase("""{ "mediaType": "text/html" }""", "its type \"text/html\" is not a manifest of an image")]
    [TestCase("""{ "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": [], "manifests": [] }""", "it is both a manifest and an index")]
    [TestCase("""{ "layers": {} }""", "its \"layers\" is not a list")]
    [TestCase("""{ "layers": [] }""", "it has no config")]
    [TestCase("""{ "layers": [ 1 ] }""", "a descriptor is not a JSON object")]
    [TestCase("""{ "layers": [ { "digest": "sha256:1", "size": 1 } ] }""", "a descriptor has no valid digest")]
    [TestCase("""{ "layers": [ { "digest": DIGEST, "size": -1 } ] }""", "a descriptor has no valid size")]
    [TestCase("""{ "layers": [ { "digest": DIGEST, "size": 1e30 } ] }""", "a descriptor has no valid size")]
    [TestCase("""{ "layers": [ { "digest": DIGEST, "size": "1" } ] }""", "a descriptor has no valid size")]
    [TestCase("""{ "layers": [ { "digest": DIGEST, "size": 1, "mediaType": "application/vnd.oci.image.layer.v1.tar+encrypted" } ] }""", "layer 1 has the unknown type \"application/vnd.oci.image.layer.v1.tar+encrypted\"")]
    [TestCase("""{ "layers": [ { "digest": DIGEST, "size": 1, "mediaType": "\u0007" } ] }""", "layer 1 has the unknown type (none)")]
    [TestCase("""{ "layers": [ { "digest": DIGEST, "size": 1, "mediaType": "\ud800" } ] }""", "is not valid JSON")]
    [TestCase("""{ "layers": [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]] }""", "is not valid JSON")]
    public async Task A_document_that_cannot_be_used_is_told(string document, string expected)
    {
        var content = TestContent.Of(10);
        content.Add(document.Replace("DIGEST", $"\"{Some}\"", StringComparison.Ordinal), "");
        await StartOnlyAsync(content);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Invalid, expected);
    }

    [Test]
    public async Task There_are_at_most_512_layers()
    {
        var layer = $$"""{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "{{Some}}", "size": 1 }""";
        var content = TestContent.Of(10);
        content.Add($$"""{ {{Config}}, "layers": [ {{string.Join(", ", Enumerable.Repeat(layer, 513))}} ] }""", OciManifest);
        await StartOnlyAsync(content);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Invalid, "it has more than 512 layers");
    }

    [Test]
    public async Task Annotations_of_a_layer_are_kept_and_its_urls_are_ignored()
    {
        var content = TestContent.Of(10);
        content.Add($$"""
            { {{Config}}, "layers": [ { "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": "{{Some}}", "size": 1, "urls": [ "https://elsewhere.test/" ], "annotations": { "toc": "here", "number": 1 } } ] }
            """, OciManifest);
        await StartOnlyAsync(content);

        var resolved = await NewClient().ResolveAsync(Image);

        Assert.That(resolved.Manifest.Layers[0].Annotations, Is.EquivalentTo(new Dictionary<string, string> { ["toc"] = "here" }));
    }

    [Test]
    public async Task An_index_that_leads_through_others_without_end_is_given_up()
    {
        var content = TestContent.Of(10);
        for (var index = 0; index < 6; index++)
            content.Add($$"""{ "manifests": [ { "mediaType": "{{OciIndex}}", "digest": "{{content.Target}}", "size": 1 } ] }""", OciIndex);
        await StartOnlyAsync(content);

        await FailsAsync(() => NewClient().ResolveAsync(Image), RegistryError.Invalid, "it leads through more than 4 indexes");
    }

    [Test]
    public async Task A_reference_without_tag_and_digest_leads_nowhere()
    {
        await StartOnlyAsync();

        await FailsAsync(() => NewClient().ResolveAsync(Reference($"{Registry}/{Repository}")), RegistryError.Invalid, "has neither a tag nor a digest");
    }

    [Test]
    public async Task A_missing_tag_is_told_with_host_and_repository()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));

        await FailsAsync(() => NewClient().ResolveAsync(Reference($"{Registry}/{Repository}:gone")), RegistryError.NotFound, $"{registry.Address} does not have manifest gone of {Repository}");
    }

    [Test]
    public async Task Both_kinds_of_manifests_are_asked_for()
    {
        var registry = await StartOnlyAsync(TestContent.Of(10));

        await NewClient().ResolveAsync(Image);

        Assert.That(registry.Requests.Single()["Accept"], Does.Contain(OciIndex).And.Contain("application/vnd.docker.distribution.manifest.list.v2+json"));
    }
}
