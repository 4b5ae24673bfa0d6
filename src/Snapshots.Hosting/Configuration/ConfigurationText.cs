using System.Text;

namespace Containerd.Snapshots.Hosting.Configuration;

/// <summary>Writes a part of containerd's configuration.</summary>
internal static class ConfigurationText
{
    private const string BuiltIn = "overlayfs";

    /// <summary>What containerd needs to know of some snapshotters.</summary>
    /// <param name="version">The containerd that reads it.</param>
    /// <param name="platform">What the snapshotters are for.</param>
    /// <param name="plugins">The snapshotters.</param>
    public static string Of(ContainerdVersion version, string platform, IReadOnlyList<ProxyPlugin> plugins)
    {
        var text = new StringBuilder();
        text.Append(version == ContainerdVersion.Two ? "version = 3\n" : "version = 2\n");
        foreach (var plugin in plugins)
        {
            text.Append('\n');
            if (version == ContainerdVersion.OneSix)
                WriteLeftOut(text, plugin);

            text.Append($"[proxy_plugins.{TomlText.Key(plugin.Name)}]\n");
            text.Append("  type = \"snapshot\"\n");
            text.Append($"  address = {TomlText.String(plugin.Address)}\n");
            if (version > ContainerdVersion.OneSix)
                WriteDeclared(text, platform, plugin);
        }

        if (version == ContainerdVersion.Two)
            WriteUnpacking(text, platform, plugins);

        return text.ToString();
    }

    private static void WriteLeftOut(StringBuilder text, ProxyPlugin plugin)
    {
        var leftOut = plugin.Capabilities.Select(static capability => $"the capability {TomlText.String(capability)}")
            .Concat(plugin.Exports.Select(static export => $"the export {TomlText.String(export.Key)}"))
            .ToList();
        if (leftOut.Count > 0)
            text.Append($"# containerd 1.6 knows no capabilities and no exports. Left out: {string.Join(", ", leftOut)}.\n");
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

    private static void WriteUnpacking(StringBuilder text, string platform, IReadOnlyList<ProxyPlugin> plugins)
    {
        text.Append('\n');
        text.Append("# The snapshotters that images are unpacked for, by \"ctr images pull\" for one. This list replaces the built-in one,\n");
        text.Append($"# which has {BuiltIn} alone: it is kept here, and can go where nothing uses it.\n");
        foreach (var name in plugins.Select(static plugin => plugin.Name).Append(BuiltIn).Distinct())
        {
            text.Append("[[plugins.\"io.containerd.transfer.v1.local\".unpack_config]]\n");
            text.Append($"  platform = {TomlText.String(platform)}\n");
            text.Append($"  snapshotter = {TomlText.String(name)}\n");
        }
    }
}

/// <summary>The versions of containerd that differ in what their configuration can say of a snapshotter.</summary>
internal enum ContainerdVersion
{
    OneSix,
    OneSeven,
    Two,
}
