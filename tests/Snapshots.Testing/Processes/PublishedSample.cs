namespace Containerd.Snapshots.Tests.Processes;

/// <summary>A sample, published as a native binary.</summary>
public sealed class PublishedSample
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly string _binary;
    private readonly string _variable;
    private readonly IReadOnlyList<string> _properties;
    private readonly Lazy<Task<string>> _published;

    private PublishedSample(string name, string binary, string variable, params IReadOnlyList<string> properties)
    {
        _name = name;
        _binary = binary;
        _variable = variable;
        _properties = properties;
        _published = new(PublishAsync);
    }

    public static PublishedSample Hello { get; } = new("Hello", "hello-snapshotter", "HELLO_SNAPSHOTTER");

    public static PublishedSample Overlay { get; } = new("Overlay", "overlay-snapshotter", "OVERLAY_SNAPSHOTTER");

    /// <summary>The overlay sample with SQLite in the binary, which needs Debian's static library.</summary>
    public static PublishedSample OverlayInOneFile { get; } =
        new("Overlay", "overlay-snapshotter", "OVERLAY_ONE_FILE_SNAPSHOTTER", "-p:StaticSqliteLinking=true");

    public static PublishedSample Reflink { get; } = new("Reflink", "reflink-snapshotter", "REFLINK_SNAPSHOTTER");

    /// <summary>The sample of ext4 images; in tests, each has 64 MiB.</summary>
    public static PublishedSample Blockfile { get; } =
        new("Blockfile", "blockfile-snapshotter", "BLOCKFILE_SNAPSHOTTER") { Options = ["--size", $"{64 << 20}"] };

    /// <summary>The sample that uses layers of a share; in tests, the share is a directory beside the root.</summary>
    public static PublishedSample SharedLayers { get; } =
        new("SharedLayers", "shared-layers-snapshotter", "SHARED_LAYERS_SNAPSHOTTER") { HasShare = true };

    /// <summary>The sample that fetches layers from the registry.</summary>
    public static PublishedSample Lazy { get; } = new("Lazy", "lazy-snapshotter", "LAZY_SNAPSHOTTER");

    /// <summary>The samples that keep their snapshots in a store.</summary>
    public static IReadOnlyList<PublishedSample> WithStore { get; } = [Overlay, Reflink, Blockfile, SharedLayers, Lazy];

    private IReadOnlyList<string> Options { get; init; } = [];

    private bool HasShare { get; init; }

    /// <summary>The directory of <see cref="SharedLayers"/> for a root: <c>shared</c> beside it.</summary>
    public static string ShareOf(string root) => Path.Combine(Path.GetDirectoryName(root)!, "shared");

    /// <summary>The arguments that the sample needs for a root directory.</summary>
    public IReadOnlyList<string> ArgumentsFor(string root) => HasShare ? [.. Options, "--shared", ShareOf(root)] : Options;

    /// <summary>
    /// The binary's path: the value of the sample's environment variable, such as HELLO_SNAPSHOTTER, or a binary that
    /// is published once for this run.
    /// </summary>
    public Task<string> PathAsync() => _published.Value;

    /// <summary>The name of the sample, for the names of tests.</summary>
    public override string ToString() => this == OverlayInOneFile ? $"{_name}InOneFile" : _name;

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

        var folder = Directory.CreateTempSubdirectory($"{_binary}-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        await PublishAsync($"samples/{_name}", folder.FullName, _properties);
        return Path.Combine(folder.FullName, _binary);
    }
}
