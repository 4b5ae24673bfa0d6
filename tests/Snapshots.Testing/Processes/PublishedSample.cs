namespace Containerd.Snapshots.Tests.Processes;

/// <summary>A sample as a native binary, and how any project becomes one.</summary>
public sealed class PublishedSample
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly Lazy<Task<string>> _published;

    private PublishedSample(string name)
    {
        _name = name;
        _published = new(PublishAsync);
    }

    public static PublishedSample Hello { get; } = new("Hello");

    public static PublishedSample Overlay { get; } = new("Overlay");

    /// <summary>
    /// The binary's path: what the environment variable HELLO_SNAPSHOTTER, or that of another name, gives, or else
    /// published once for this run.
    /// </summary>
    public Task<string> PathAsync() => _published.Value;

    /// <summary>Publishes a project, which must succeed.</summary>
    public static async Task<CommandResult> PublishAsync(string project, string folder)
    {
        var published = await Command.RunAsync(
            [
                "dotnet", "publish", Repository.PathOf(project), "-c", "Release", "-o", folder,
                "-nodeReuse:false", "-p:UseSharedCompilation=false", "-nologo",
            ],
            limit: Limit);
        return published.Succeeded();
    }

    private async Task<string> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable($"{_name.ToUpperInvariant()}_SNAPSHOTTER") is { Length: > 0 } given)
            return Path.GetFullPath(given);

        var binary = $"{_name.ToLowerInvariant()}-snapshotter";
        var folder = Directory.CreateTempSubdirectory($"{binary}-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        await PublishAsync($"samples/{_name}", folder.FullName);
        return Path.Combine(folder.FullName, binary);
    }
}
