using System.Globalization;
using System.Text;
using Containerd.Snapshots.Remote.Credentials;
using Containerd.Snapshots.Remote.Hosts;
using Containerd.Snapshots.Remote.Http;
using Containerd.Snapshots.Remote.Images;

namespace Containerd.Snapshots.Tests.Remote.Hostile;

/// <summary>
/// Whatever a registry, a token server or a file says: it is read, or refused in the expected way, with little memory. The seed of a
/// failure is in its message. SNAPSHOTS_REMOTE_INPUTS is the number of inputs of each kind.
/// </summary>
internal sealed class MutatedInputTests
{
    private const string Characters = "\"'{}[]:,\\\n\t #&*!|>%@`=.-0\0é";

    private const long MaxMemory = 4 << 20;

    private static readonly int Inputs = int.Parse(Environment.GetEnvironmentVariable("SNAPSHOTS_REMOTE_INPUTS") ?? "4000", CultureInfo.InvariantCulture);

    private static readonly SnapshotDigest Digest = TestContent.Digest("x"u8);

    private static readonly string Manifest = $$"""
        { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{Digest}}", "size": 2 },
          "layers": [ { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "{{Digest}}", "size": 100, "annotations": { "a": "\u00e9" } },
                      { "mediaType": "application/vnd.oci.image.layer.v1.tar+zstd", "digest": "{{Digest}}", "size": 9223372036854775807 } ] }
        """;

    private static readonly string Index = $$"""
        { "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
          "manifests": [ { "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "{{Digest}}", "size": 2, "platform": { "os": "linux", "architecture": "arm", "variant": "v7" } } ] }
        """;

    [Test]
    public void Manifests() => Run(
        [Manifest, Index],
        text =>
        {
            if (ManifestDocument.Read(Encoding.UTF8.GetBytes(text), Digest, "application/json") is ImageManifest read)
                Assert.That(read.Layers.All(layer => layer.Size >= 0));
        });

    [Test]
    public void References() => Run(
        ["docker.io/library/debian:12", $"[::1]:5000/a/b_c--d@{Digest}"],
        text =>
        {
            if (ImageReference.TryParse(text, out var image))
                Assert.That(Path.GetFullPath(Path.Combine("/certs.d", image.Host)), Is.EqualTo($"/certs.d/{image.Host}"));
        });

    [Test]
    public void Hosts_files() => Run(
        [
            """
            server = "https://registry-1.docker.io"
            [host."https://mirror.test:5000/path"]
              capabilities = ["pull", "resolve"]
              ca = ["a.pem"]
              client = [["a.cert", "a.key"], ["b.pem", ""]]
              skip_verify = true
              dial_timeout = "1m30s"
              override_path = false
              [host."https://mirror.test:5000/path".header]
                x-a = ["1", "2"]
            """,
        ],
        text => HostsFile.Read(text, "/", "a.test"));

    [Test]
    public void Challenges() => Run(
        ["""Bearer realm="https://auth.test/token?a=b",service="x",scope="repository:a/b:pull", Basic realm="\"q\"", Negotiate abc== """],
        text =>
        {
            foreach (var challenge in Challenge.Read([text]).Where(challenge => challenge.Scheme == "bearer"))
                TokenQuestion.Of("a.test", challenge, "b", isPlain: false).Message(RegistryCredentials.OfUser("u", "p")).Dispose();
        });

    [Test]
    public void Tokens() => Run(
        ["""{ "token": "abc", "access_token": "def", "expires_in": 300, "issued_at": "2026-01-01T00:00:00Z" }"""],
        text =>
        {
            if (TokenServer.Parse(Encoding.UTF8.GetBytes(text)) is var (token, _))
                Assert.That(new HttpRequestMessage().Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
        });

    [Test]
    public void Provider_configurations() => Run(
        [
            """
            kind: CredentialProviderConfig
            apiVersion: kubelet.config.k8s.io/v1
            providers:
              - name: provider   # a comment
                matchImages: [ "*.test", 'a' ]
                defaultCacheDuration: "12h"
                apiVersion: credentialprovider.kubelet.k8s.io/v1
                args:
                  - |
                    text
                env:
                  - { name: A, value: "b" }
            """,
        ],
        text => ProviderConfig.Read(text));

    [Test]
    public void Provider_answers() => Run(
        ["""{ "kind": "CredentialProviderResponse", "cacheKeyType": "Registry", "cacheDuration": "1h", "auth": { "*.test/path": { "username": "u", "password": "p" } } }"""],
        text => ProviderAnswer.Parse(text, new("p", [], "v1")).For("a.test", "path/x").ToList());

    private static void Run(string[] seeds, Action<string> read)
    {
        for (var seed = 0; seed < Inputs; seed++)
        {
            var text = Mutate(seeds[seed % seeds.Length], new Random(seed));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(text);
            }
            catch (Exception exception) when (exception is FormatException or RegistryException)
            {
                // Refused.
            }
            catch (Exception exception)
            {
                Assert.Fail($"Input {seed}: {exception}\n{text}");
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MaxMemory), $"Input {seed}");
        }
    }

    // Some changes of characters, some of whole parts: removed, doubled, moved, and repeated often.
    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var change = random.Next(1, 6); change > 0 && mutated.Length > 1; change--)
        {
            var (at, length) = (random.Next(mutated.Length), random.Next(1, 20));
            length = Math.Min(length, mutated.Length - at);
            var part = mutated.ToString(at, length);
            switch (random.Next(7))
            {
                case 0:
                    mutated[at] = Characters[random.Next(Characters.Length)];
                    break;
                case 1:
                    mutated.Remove(at, length);
                    break;
                case 2:
                    mutated.Insert(random.Next(mutated.Length), part);
                    break;
                case 3:
                    mutated.Insert(at, new string(part[0], random.Next(1, 300)));
                    break;
                case 4:
                    mutated.Insert(at, string.Concat(Enumerable.Repeat(part, random.Next(1, 50))));
                    break;
                case 5:
                    mutated.Length = at;
                    break;
                default:
                    mutated[at] = (char)(mutated[at] ^ (1 << random.Next(7)));
                    break;
            }
        }

        // What comes as bytes has no half of a character.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(mutated.ToString()));
    }
}
