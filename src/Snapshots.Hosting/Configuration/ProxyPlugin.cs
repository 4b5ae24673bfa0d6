using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>A snapshotter's table in containerd's configuration: <c>[proxy_plugins.NAME]</c>.</summary>
internal sealed record ProxyPlugin(
    string Name,
    string Address,
    IReadOnlyList<string> Capabilities,
    IReadOnlyList<KeyValuePair<string, string>> Exports)
{
    /// <summary>The export from which CRI learns the file system of the images.</summary>
    public const string RootExport = "root";

    /// <summary>The export by which containerd 2.1 and later sends the image, manifest and digest of layers, as labels of Prepare.</summary>
    private const string LabelsExport = "enable_remote_snapshot_annotations";

    /// <summary>Whether the snapshotter wants labels that say where layers come from.</summary>
    public bool WantsImageLabels => Exports.Any(static export => export is { Key: LabelsExport, Value: "true" });

    /// <summary>Returns what a program declares for a snapshotter with the given options.</summary>
    public static ProxyPlugin Declared(HostedProgram program, HostSettings settings, string name, string address)
    {
        var commandLine = new SnapshotterCommandLine(program.IsNamed ? name : null, settings);
        return new(
            name,
            address,
            [.. program.Capabilities.Where(capability => capability.IsThere(commandLine)).Select(static capability => capability.Name).Distinct()],
            [.. RootOf(program, commandLine), .. program.Exports]);
    }

    private static IEnumerable<KeyValuePair<string, string>> RootOf(HostedProgram program, SnapshotterCommandLine commandLine) =>
        commandLine.Root is { } root && !program.Exports.Exists(static export => export.Key == RootExport) ? [new(RootExport, root)] : [];
}
