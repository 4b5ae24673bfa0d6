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

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [GeneratedRegex("listening on (127\\.0\\.0\\.1:[0-9]+)")]
    private static partial Regex Listening();
}
