namespace Containerd.Snapshots.Tests.Containerd;

/// <summary>samples/Hello as a native binary.</summary>
internal static class PublishedSample
{
    private static readonly Lazy<Task<string>> Published = new(PublishAsync);
    private static string? s_folder;

    /// <summary>
    /// The binary's path: what the environment variable HELLO_SNAPSHOTTER names, or else published once for this run.
    /// </summary>
    public static Task<string> PathAsync() => Published.Value;

    /// <summary>Deletes what was published for this run.</summary>
    public static void Delete()
    {
        if (s_folder is not null)
            Directory.Delete(s_folder, recursive: true);
    }

    private static async Task<string> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable("HELLO_SNAPSHOTTER") is { Length: > 0 } given)
            return Path.GetFullPath(given);

        s_folder = Directory.CreateTempSubdirectory("hello-").FullName;
        var published = await Command.RunAsync(
            [
                "dotnet", "publish", Repository.PathOf("samples/Hello"), "-c", "Release", "-o", s_folder,
                "-nodeReuse:false", "-p:UseSharedCompilation=false", "-nologo", "-v:quiet",
            ],
            limit: TimeSpan.FromMinutes(10));
        published.Succeeded();
        return Path.Combine(s_folder, "hello-snapshotter");
    }
}
