using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>A snapshotter as containerd's configuration has it: <c>[proxy_plugins.NAME]</c>.</summary>
internal sealed record ProxyPlugin(
    string Name,
    string Address,
    IReadOnlyList<string> Capabilities,
    IReadOnlyList<KeyValuePair<string, string>> Exports)
{
    /// <summary>The export by which CRI finds the file system of the images.</summary>
    public const string RootExport = "root";

    /// <summary>What a program declares for a snapshotter, with the options that it is run with.</summary>
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
