using System.IO.Enumeration;
using Containerd.Snapshots.Hosting.Reporting;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>The snapshotters in containerd's configuration, including the files that it imports.</summary>
internal sealed class ContainerdConfiguration
{
    private const long FirstOfContainerd2 = 3;

    private readonly Dictionary<string, ConfiguredPlugin> _plugins = [];
    private readonly HashSet<string> _read = [];
    private ILookup<string, string> _unpacked = Unpacked([]);

    private ContainerdConfiguration()
    {
    }

    /// <summary>Whether the configuration is for containerd 2 only. containerd 2 reads older versions, too.</summary>
    public bool IsOfContainerd2 { get; private set; }

    /// <summary>Whether a table in it was printed for containerd 1.6 or 1.7, so that containerd 2 is not expected to read it.</summary>
    public bool IsOfContainerd1 { get; private set; }

    /// <summary>Whether CRI of containerd 1 tells snapshotters where layers come from; by default it does not.</summary>
    public bool HasCriLabels { get; private set; }

    public IReadOnlyDictionary<string, ConfiguredPlugin> Plugins => _plugins;

    /// <summary>Returns the platforms in the <c>unpack_config</c> tables of a snapshotter, for which containerd 2 unpacks images.</summary>
    public IReadOnlyList<string> UnpackedPlatforms(string snapshotter) => [.. _unpacked[snapshotter]];

    /// <summary>Reads a configuration and its imports.</summary>
    /// <exception cref="SetupException">A file is missing, cannot be read or is malformed.</exception>
    public static ContainerdConfiguration Read(string file)
    {
        var configuration = new ContainerdConfiguration();
        configuration.Add(Path.GetFullPath(file));
        return configuration;
    }

    // Imported files win: their tables of plugins replace those of the same name, and their list replaces the list.
    private void Add(string file)
    {
        if (!_read.Add(file))
            return;

        var text = ReadText(file);
        var document = Parse(file, text);
        IsOfContainerd1 |= ConfigurationText.IsForContainerd1(text);
        IsOfContainerd2 |= document.Number("version") >= FirstOfContainerd2;
        foreach (var (name, value) in document.Table("proxy_plugins"))
        {
            if (value is TomlTable plugin)
                _plugins[name] = ConfiguredPlugin.Of(name, plugin);
        }

        var unpacked = document.Table("plugins").Table("io.containerd.transfer.v1.local").List("unpack_config");
        if (unpacked.Count > 0)
            _unpacked = Unpacked(unpacked.OfType<TomlTable>());

        HasCriLabels |= document.Table("plugins").Table("io.containerd.grpc.v1.cri").Table("containerd").IsFalse("disable_snapshot_annotations");
        foreach (var import in document.List("imports").OfType<string>().SelectMany(import => Find(file, import)))
            Add(import);
    }

    private static ILookup<string, string> Unpacked(IEnumerable<TomlTable> tables) =>
        tables.ToLookup(static each => each.Text("snapshotter") ?? "", static each => each.Text("platform") ?? "");

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot read \"{file}\": {exception.Message}", exception);
        }
    }

    private static TomlTable Parse(string file, string text)
    {
        try
        {
            return TomlTable.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new SetupException($"\"{file}\" is not valid TOML: {exception.Message}", exception);
        }
    }

    // As in containerd: paths are relative to the importing file, and a pattern may match nothing.
    private static IEnumerable<string> Find(string file, string import)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, import));
        if (!path.Contains('*', StringComparison.Ordinal))
            return [path];

        var (directory, pattern) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        if (directory.Contains('*', StringComparison.Ordinal))
            throw new SetupException($"\"{file}\" imports \"{import}\", but patterns in names of directories are not supported here");

        return Directory.Exists(directory)
            ? Directory.GetFiles(directory).Where(each => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(each), ignoreCase: false)).Order(StringComparer.Ordinal)
            : [];
    }
}

/// <summary>A proxy plugin in containerd's configuration.</summary>
internal sealed record ConfiguredPlugin(
    string Name,
    string Type,
    string Address,
    IReadOnlyList<string> Capabilities,
    IReadOnlyDictionary<string, string> Exports)
{
    public static ConfiguredPlugin Of(string name, TomlTable table) => new(
        name,
        table.Text("type") ?? "",
        table.Text("address") ?? "",
        [.. table.List("capabilities").OfType<string>()],
        table.Table("exports").Where(static export => export.Value is string).ToDictionary(static export => export.Key, static export => (string)export.Value!));
}
