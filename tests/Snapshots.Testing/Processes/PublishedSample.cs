namespace Containerd.Snapshots.Tests.Processes;

/// <summary>A sample, published as a native binary.</summary>
public sealed class PublishedSample
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly string _variable;
    private readonly IReadOnlyList<string> _options;
    private readonly Lazy<Task<string>> _published;

    private PublishedSample(string name, string variable, params IReadOnlyList<string> options)
    {
        _name = name;
        _variable = variable;
        _options = options;
        _published = new(PublishAsync);
    }

    public static PublishedSample Hello { get; } = new("Hello", "HELLO_SNAPSHOTTER");

    public static PublishedSample Overlay { get; } = new("Overlay", "OVERLAY_SNAPSHOTTER");

    /// <summary>The overlay sample with SQLite in the binary, which needs Debian's static library.</summary>
    public static PublishedSample OverlayInOneFile { get; } = new("Overlay", "OVERLAY_ONE_FILE_SNAPSHOTTER", "-p:StaticSqliteLinking=true");

    /// <summary>
    /// The binary's path: the value of the sample's environment variable, such as HELLO_SNAPSHOTTER, or a binary that
    /// is published once for this run.
    /// </summary>
    public Task<string> PathAsync() => _published.Value;

    /// <summary>Publishes a project and asserts that this succeeds.</summary>
    public static async Task<CommandResult> PublishAsync(string project, string folder, params IReadOnlyList<string> options)
    {
        var published = await Command.RunAsync(
            [
                "dotnet", "publish", Repository.PathOf(project), "-c", "Release", "-o", folder, .. options,
                "-nodeReuse:false", "-p:UseSharedCompilation=false", "-nologo",
            ],
            limit: Limit);
        return published.AssertSucceeded();
    }

    private async Task<string> PublishAsync()
    {
        if (Environment.GetEnvironmentVariable(_variable) is { Length: > 0 } given)
            return Path.GetFullPath(given);

        var binary = $"{_name.ToLowerInvariant()}-snapshotter";
        var folder = Directory.CreateTempSubdirectory($"{binary}-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        await PublishAsync($"samples/{_name}", folder.FullName, _options);
        return Path.Combine(folder.FullName, binary);
    }
}
