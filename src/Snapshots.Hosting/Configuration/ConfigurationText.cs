using System.Text;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>Writes the tables for snapshotters in containerd's configuration.</summary>
internal static class ConfigurationText
{
    private const string BuiltIn = "overlayfs";
    private const string ForContainerd1 = "# For containerd 1.";

    /// <summary>Whether a file has a table that was written for containerd 1.6 or 1.7.</summary>
    public static bool IsForContainerd1(string text) =>
        text.Split('\n').Any(static line => line.StartsWith(ForContainerd1, StringComparison.Ordinal));

    /// <summary>Returns a complete configuration file for some snapshotters.</summary>
    /// <param name="version">The version of containerd that reads the file.</param>
    /// <param name="platform">The platform of the machine, such as <c>linux/amd64</c>.</param>
    /// <param name="plugins">The snapshotters.</param>
    public static string Of(ContainerdVersion version, string platform, IReadOnlyList<ProxyPlugin> plugins)
    {
        var text = new StringBuilder();
        text.Append(version == ContainerdVersion.Two ? "version = 3\n" : "version = 2\n");
        foreach (var plugin in plugins)
        {
            text.Append('\n');
            if (version < ContainerdVersion.Two)
                WriteVersion(text, version, plugin);

            text.Append($"[proxy_plugins.{TomlText.Key(plugin.Name)}]\n");
            text.Append("  type = \"snapshot\"\n");
            text.Append($"  address = {TomlText.String(plugin.Address)}\n");
            if (version > ContainerdVersion.OneSix)
                WriteDeclared(text, platform, plugin);
        }

        if (version == ContainerdVersion.Two)
            WriteUnpacking(text, platform, plugins);
        if (plugins.Any(static plugin => plugin.WantsImageLabels))
            WriteLabels(text, version);

        return text.ToString();
    }

    // In front of the table, so that a copy of the table has it, too.
    private static void WriteVersion(StringBuilder text, ContainerdVersion version, ProxyPlugin plugin)
    {
        text.Append(ForContainerd1).Append(version == ContainerdVersion.OneSix ? $"6{LeftOut(plugin)}" : "7");
        text.Append("; containerd 2 needs more.\n");
    }

    private static string LeftOut(ProxyPlugin plugin)
    {
        var leftOut = plugin.Capabilities.Select(static capability => $"the capability {TomlText.String(capability)}")
            .Concat(plugin.Exports.Select(static export => $"the export {TomlText.String(export.Key)}"))
            .ToList();
        return leftOut.Count > 0 ? $", which does not support capabilities and exports (left out: {string.Join(", ", leftOut)})" : "";
    }

    private static void WriteDeclared(StringBuilder text, string platform, ProxyPlugin plugin)
    {
        text.Append($"  platform = {TomlText.String(platform)}\n");
        if (plugin.Capabilities.Count > 0)
            text.Append($"  capabilities = {TomlText.Array(plugin.Capabilities)}\n");

        if (plugin.Exports.Count == 0)
            return;

        text.Append($"  [proxy_plugins.{TomlText.Key(plugin.Name)}.exports]\n");
        foreach (var (name, value) in plugin.Exports)
            text.Append($"    {TomlText.Key(name)} = {TomlText.String(value)}\n");
    }

    private static void WriteLabels(StringBuilder text, ContainerdVersion version)
    {
        text.Append('\n');
        text.Append("# For Kubernetes: CRI then tells the snapshotter where layers come from.\n");
        text.Append(version == ContainerdVersion.Two ? "[plugins.\"io.containerd.cri.v1.images\"]\n" : "[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n");
        text.Append("  disable_snapshot_annotations = false\n");
    }

    private static void WriteUnpacking(StringBuilder text, string platform, IReadOnlyList<ProxyPlugin> plugins)
    {
        text.Append('\n');
        text.Append("# The snapshotters that containerd unpacks images for, for example in \"ctr images pull\". This list replaces the\n");
        text.Append($"# built-in one, which has only {BuiltIn}. Remove {BuiltIn} here if nothing uses it.\n");
        foreach (var name in plugins.Select(static plugin => plugin.Name).Append(BuiltIn).Distinct())
        {
            text.Append("[[plugins.\"io.containerd.transfer.v1.local\".unpack_config]]\n");
            text.Append($"  platform = {TomlText.String(platform)}\n");
            text.Append($"  snapshotter = {TomlText.String(name)}\n");
        }
    }
}

/// <summary>The versions of containerd whose configuration of snapshotters differs.</summary>
internal enum ContainerdVersion
{
    OneSix,
    OneSeven,
    Two,
}
