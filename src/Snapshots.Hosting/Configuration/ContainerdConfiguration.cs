using System.IO.Enumeration;
using Containerd.Snapshots.Hosting.Reporting;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>What containerd's configuration says of snapshotters, with the files that it imports.</summary>
internal sealed class ContainerdConfiguration
{
    private const long FirstOfContainerd2 = 3;

    private readonly Dictionary<string, ConfiguredPlugin> _plugins = [];
    private readonly HashSet<string> _read = [];
    private ILookup<string, string> _unpacked = Unpacked([]);

    private ContainerdConfiguration()
    {
    }

    /// <summary>Whether it is written for containerd 2. That one reads older ones, too.</summary>
    public bool IsOfContainerd2 { get; private set; }

    public IReadOnlyDictionary<string, ConfiguredPlugin> Plugins => _plugins;

    /// <summary>The platforms of the images that containerd 2 unpacks for a snapshotter, where it says so.</summary>
    public IReadOnlyList<string> UnpackedPlatforms(string snapshotter) => [.. _unpacked[snapshotter]];

    /// <summary>Reads it.</summary>
    /// <exception cref="SetupException">A file is missing, cannot be read or is malformed.</exception>
    public static ContainerdConfiguration Read(string file)
    {
        var configuration = new ContainerdConfiguration();
        configuration.Add(Path.GetFullPath(file));
        return configuration;
    }

    // What is imported wins: a plugin's table replaces one of the same name, and so does a list.
    private void Add(string file)
    {
        if (!_read.Add(file))
            return;

        var document = Parse(file);
        IsOfContainerd2 |= document.Number("version") >= FirstOfContainerd2;
        foreach (var (name, value) in document.Table("proxy_plugins"))
        {
            if (value is TomlTable plugin)
                _plugins[name] = ConfiguredPlugin.Of(name, plugin);
        }

        var unpacked = document.Table("plugins").Table("io.containerd.transfer.v1.local").List("unpack_config");
        if (unpacked.Count > 0)
            _unpacked = Unpacked(unpacked.OfType<TomlTable>());

        foreach (var import in document.List("imports").OfType<string>().SelectMany(import => Find(file, import)))
            Add(import);
    }

    private static ILookup<string, string> Unpacked(IEnumerable<TomlTable> tables) =>
        tables.ToLookup(static each => each.Text("snapshotter") ?? "", static each => each.Text("platform") ?? "");

    private static TomlTable Parse(string file)
    {
        try
        {
            return TomlTable.Parse(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot read \"{file}\": {exception.Message}", exception);
        }
        catch (FormatException exception)
        {
            throw new SetupException($"\"{file}\" is no TOML: {exception.Message}", exception);
        }
    }

    // As containerd finds them: beside the file that names them, and with patterns, which may match nothing.
    private static IEnumerable<string> Find(string file, string import)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, import));
        if (!path.Contains('*', StringComparison.Ordinal))
            return [path];

        var (directory, pattern) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        if (directory.Contains('*', StringComparison.Ordinal))
            throw new SetupException($"\"{file}\" imports \"{import}\", and patterns for directories are not followed here");

        return Directory.Exists(directory)
            ? Directory.GetFiles(directory).Where(each => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(each), ignoreCase: false)).Order(StringComparer.Ordinal)
            : [];
    }
}

/// <summary>A proxy plugin that containerd's configuration has.</summary>
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
