using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Debian's docker-registry on a free port of the loopback interface, with its storage in the box.</summary>
public sealed partial class LoopbackRegistry : IAsyncDisposable
{
    private readonly Daemon _daemon;

    private LoopbackRegistry(Daemon daemon) => _daemon = daemon;

    /// <summary>Host and port, the first part of an image's name.</summary>
    public string Address => Listening().Match(_daemon.Log).Groups[1].Value;

    public static async Task<LoopbackRegistry> StartAsync(Box box)
    {
        Tools.Require("docker-registry");
        var configuration = Path.Combine(box.Folder, "registry.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            version: 0.1
            storage: { filesystem: { rootdirectory: "{{box.Folder}}/registry" } }
            http: { addr: "127.0.0.1:0" }
            """);
        var daemon = await box.StartAsync("docker-registry", "docker-registry", "serve", configuration);
        try
        {
            await daemon.WaitUntilAsync("it names its port", () => Task.FromResult(Listening().IsMatch(daemon.Log)));
            return new LoopbackRegistry(daemon);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>The digests of the blobs that clients have fetched so far, in order, and of one that does not exist for each call.</summary>
    public async Task<IReadOnlyList<string>> FetchedAsync()
    {
        // The access log is written after an answer. When it has a later request, it has all earlier ones.
        var missing = $"sha256:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        using var client = new HttpClient();
        using var answer = await client.GetAsync($"http://{Address}/v2/missing/blobs/{missing}");
        IReadOnlyList<string> fetched = [];
        await _daemon.WaitUntilAsync(
            "its log has the last request",
            () =>
            {
                fetched = [.. Fetch().Matches(_daemon.Log).Select(match => match.Groups[1].Value)];
                return Task.FromResult(fetched.Contains(missing));
            });
        return fetched;
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [GeneratedRegex("listening on (127\\.0\\.0\\.1:[0-9]+)")]
    private static partial Regex Listening();

    // The access log.
    [GeneratedRegex("\"GET /v2/[^ ]+/blobs/(sha256:[0-9a-f]{64}) HTTP")]
    private static partial Regex Fetch();
}
