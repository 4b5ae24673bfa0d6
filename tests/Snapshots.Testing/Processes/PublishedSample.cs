namespace Containerd.Snapshots.Tests.Processes;

/// <summary>samples/Hello as a native binary, and how any project becomes one.</summary>
public static class PublishedSample
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);

    /// <summary>
    /// The binary's path: what the environment variable HELLO_SNAPSHOTTER names, or else published once for this run.
    /// </summary>
    public static Task<string> PathAsync() => Published.Value;

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

    private static async Task<string> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable("HELLO_SNAPSHOTTER") is { Length: > 0 } given)
            return Path.GetFullPath(given);

        var folder = Directory.CreateTempSubdirectory("hello-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        await PublishAsync("samples/Hello", folder.FullName);
        return Path.Combine(folder.FullName, "hello-snapshotter");
    }
}
