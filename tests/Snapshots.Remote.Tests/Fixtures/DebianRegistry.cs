using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Containerd;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Remote;

/// <summary>Debian's docker-registry, plain or with TLS, a user and clients' certificates.</summary>
internal sealed partial class DebianRegistry : IAsyncDisposable
{
    public const string User = LoopbackRegistry.User, Password = LoopbackRegistry.Password;

    private readonly Daemon _daemon;

    private DebianRegistry(Daemon daemon) => _daemon = daemon;

    public string Address => Listening().Match(_daemon.Log).Groups[1].Value;

    public string Log => _daemon.Log;

    public static async Task<DebianRegistry> StartAsync(Box box, string name, TestCertificates? certificates = null)
    {
        Tools.Require("docker-registry");
        var folder = Directory.CreateDirectory(Path.Combine(box.Folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), LoopbackRegistry.Users);
        var secured = certificates is null ? "" : $$"""
              tls: { certificate: "{{certificates.PathOf("server.pem")}}", key: "{{certificates.PathOf("server.key")}}", clientcas: [ "{{certificates.PathOf("ca.pem")}}" ] }
            auth: { htpasswd: { realm: test, path: "{{folder}}/htpasswd" } }
            """;
        await File.WriteAllTextAsync(Path.Combine(folder, "registry.yml"), $"""
            version: 0.1
            storage:
              filesystem: [ROOT]
            http:
              addr: "127.0.0.1:0"
            {secured}
            """.Replace("[ROOT]", $"{{ rootdirectory: \"{folder}/data\" }}", StringComparison.Ordinal));
        var daemon = await box.StartAsync(name, "docker-registry", "serve", Path.Combine(folder, "registry.yml"));
        try
        {
            await daemon.WaitUntilAsync("it names its port", () => Task.FromResult(Listening().IsMatch(daemon.Log)));
            return new(daemon);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Pushes an image without some of its layers.</summary>
    public async Task PushAsync(HttpClient client, string repository, TestContent content, string tag)
    {
        foreach (var (digest, (bytes, type)) in content.Parts.Where(part => !part.Value.Type.Contains("manifest", StringComparison.Ordinal) && !part.Value.Type.Contains("index", StringComparison.Ordinal)))
        {
            using var begun = (await client.PostAsync($"/v2/{repository}/blobs/uploads/", null)).EnsureSuccessStatusCode();
            var location = begun.Headers.Location!.ToString();
            using var blob = new ByteArrayContent(bytes);
            (await client.PutAsync($"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest)}", blob)).EnsureSuccessStatusCode().Dispose();
        }

        var (document, mediaType) = content.Parts[content.Manifest.ToString()];
        using var manifest = new ByteArrayContent(document) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        (await client.PutAsync($"/v2/{repository}/manifests/{tag}", manifest)).EnsureSuccessStatusCode().Dispose();
    }

    public static AuthenticationHeaderValue Authorization { get; } = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [GeneratedRegex("listening on (127\\.0\\.0\\.1:[0-9]+)")]
    private static partial Regex Listening();
}
