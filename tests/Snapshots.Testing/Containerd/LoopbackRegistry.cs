using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>Debian's docker-registry on a free port of the loopback interface, with its storage in the box.</summary>
public sealed partial class LoopbackRegistry : IAsyncDisposable
{
    /// <summary>The user of a secured one, and the password.</summary>
    public const string User = "user", Password = "pass-word";

    /// <summary>Both as docker-registry reads them: the password is hashed with bcrypt, as htpasswd -B does it.</summary>
    public const string Users = $"{User}:$2y$05$abcdefghijklmnopqrstuulQElbHkP7vjLqXxb3Lzm18cJsfRyGH6\n";

    private readonly Daemon _daemon;

    private LoopbackRegistry(Daemon daemon) => _daemon = daemon;

    /// <summary>Host and port, the first part of an image's name.</summary>
    public string Address => Listening().Match(_daemon.Log).Groups[1].Value;

    public static Task<LoopbackRegistry> StartAsync(Box box) => StartAsync(box.StartAsync, box.Folder);

    /// <summary>Starts one in any box.</summary>
    /// <param name="start">Starts a command with a name.</param>
    /// <param name="folder">The folder with the images.</param>
    public static Task<LoopbackRegistry> StartAsync(Func<string, IReadOnlyList<string>, Task<Daemon>> start, string folder) => StartAsync(start, folder, "");

    /// <summary>Starts one with TLS for <see cref="User"/> alone, beside another one of the same folder.</summary>
    /// <inheritdoc cref="StartAsync(Func{string, IReadOnlyList{string}, Task{Daemon}}, string)"/>
    /// <param name="certificates">The server's certificate is one of them.</param>
    public static async Task<LoopbackRegistry> StartSecuredAsync(Func<string, IReadOnlyList<string>, Task<Daemon>> start, string folder, TestCertificates certificates)
    {
        var users = Path.Combine(folder, "users");
        await File.WriteAllTextAsync(users, Users);
        return await StartAsync(
            start,
            folder,
            $$"""
              tls: { certificate: "{{certificates.PathOf("server.pem")}}", key: "{{certificates.PathOf("server.key")}}" }
            auth: { htpasswd: { realm: test, path: "{{users}}" } }
            """);
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

    private static async Task<LoopbackRegistry> StartAsync(Func<string, IReadOnlyList<string>, Task<Daemon>> start, string folder, string secured)
    {
        Tools.Require("docker-registry");
        var configuration = Path.Combine(folder, secured.Length == 0 ? "registry.yml" : "secured.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            version: 0.1
            storage: { filesystem: { rootdirectory: "{{folder}}/registry" } }
            http:
              addr: "127.0.0.1:0"
            {{secured}}
            """);
        var daemon = await start("docker-registry", ["docker-registry", "serve", configuration]);
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

    [GeneratedRegex("listening on (127\\.0\\.0\\.1:[0-9]+)")]
    private static partial Regex Listening();

    // The access log.
    [GeneratedRegex("\"GET /v2/[^ ]+/blobs/(sha256:[0-9a-f]{64}) HTTP")]
    private static partial Regex Fetch();
}
