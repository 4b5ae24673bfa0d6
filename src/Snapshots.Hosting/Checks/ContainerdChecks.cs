using Containerd.Snapshots.Hosting.Configuration;
using Containerd.Snapshots.Hosting.Files;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Hosting.Checks;

/// <summary>Checks that containerd's configuration fits the program.</summary>
internal sealed class ContainerdChecks
{
    private const string Snapshot = "snapshot";
    private const string Print = $"use the output of the command \"{CommandNames.Config}\"";

    private readonly ContainerdConfiguration _configuration;
    private readonly string _file;

    private ContainerdChecks(string file)
    {
        _file = file;
        _configuration = ContainerdConfiguration.Read(file);
    }

    /// <param name="file">The path of containerd's configuration.</param>
    /// <param name="declared">The plugins that the configuration should have.</param>
    /// <param name="anyName">Whether the only declared plugin may have any name in the configuration.</param>
    public static IEnumerable<SnapshotterCheckResult> Of(string file, IReadOnlyList<ProxyPlugin> declared, bool anyName)
    {
        if (!File.Exists(file))
            return [SnapshotterCheckResult.Note($"\"{file}\" does not exist: containerd has only its built-in snapshotters, or its configuration is elsewhere ({CommandNames.ContainerdConfigOption})")];

        var checks = new ContainerdChecks(file);
        return anyName ? checks.OfAnyName(declared[0]) : declared.SelectMany(checks.OfName);
    }

    private IEnumerable<SnapshotterCheckResult> OfAnyName(ProxyPlugin declared)
    {
        var configured = _configuration.Plugins.Values.Where(plugin => HasAddressOf(plugin, declared)).ToList();
        return configured.Count > 0
            ? configured.SelectMany(plugin => OfPlugin(plugin, declared))
            : OfName(declared);
    }

    private IEnumerable<SnapshotterCheckResult> OfName(ProxyPlugin declared)
    {
        if (_configuration.Plugins.TryGetValue(declared.Name, out var plugin))
            return OfPlugin(plugin, declared);

        var other = _configuration.Plugins.Values.FirstOrDefault(each => HasAddressOf(each, declared));
        return other is null
            ? [SnapshotterCheckResult.Wrong($"\"{_file}\" has no proxy plugin with the address \"{declared.Address}\"", Print)]
            : [SnapshotterCheckResult.Wrong($"\"{_file}\" has no proxy plugin \"{declared.Name}\"; the one with this address has the name \"{other.Name}\"", "use the same name")];
    }

    private IEnumerable<SnapshotterCheckResult> OfPlugin(ConfiguredPlugin plugin, ProxyPlugin declared)
    {
        var flaws = Flaws(plugin, declared).ToList();
        return [.. flaws.Count > 0 ? flaws : [SnapshotterCheckResult.Ok($"\"{_file}\" configures the snapshotter as \"{plugin.Name}\"")], .. Notes(plugin, declared)];
    }

    private IEnumerable<SnapshotterCheckResult> Flaws(ConfiguredPlugin plugin, ProxyPlugin declared)
    {
        if (!HasAddressOf(plugin, declared))
            yield return SnapshotterCheckResult.Wrong($"the proxy plugin \"{plugin.Name}\" has the address \"{plugin.Address}\", not \"{declared.Address}\"", "use the same address");

        if (plugin.Type != Snapshot)
            yield return SnapshotterCheckResult.Wrong($"the proxy plugin \"{plugin.Name}\" has the type \"{plugin.Type}\"", $"write type = \"{Snapshot}\"");

        foreach (var capability in plugin.Capabilities.Except(declared.Capabilities))
            yield return SnapshotterCheckResult.Wrong($"the proxy plugin \"{plugin.Name}\" has the capability \"{capability}\", which the snapshotter does not have with these options", "remove it from containerd's configuration, or add the option that enables it");

        foreach (var capability in declared.Capabilities.Except(plugin.Capabilities))
            yield return SnapshotterCheckResult.Warning($"the proxy plugin \"{plugin.Name}\" lacks the capability \"{capability}\", so containerd does not use it", "add it (containerd 1.7 and later)");

        foreach (var (name, value) in declared.Exports.Where(export => plugin.Exports.GetValueOrDefault(export.Key, export.Value) != export.Value))
            yield return SnapshotterCheckResult.Warning($"the proxy plugin \"{plugin.Name}\" has the export {name} = \"{plugin.Exports[name]}\", not \"{value}\"", "use the same value");

        foreach (var (name, value) in declared.Exports.Where(export => IsMissing(export.Key, plugin)))
            yield return SnapshotterCheckResult.Warning($"the proxy plugin \"{plugin.Name}\" lacks the export {name} = \"{value}\"", $"add it (containerd 1.7 and later): {Print}");

        if (_configuration.IsOfContainerd2 && FlawOfUnpacking(plugin) is { } flaw)
            yield return SnapshotterCheckResult.Wrong($"containerd 2 unpacks no images for \"{plugin.Name}\": {flaw}", Print);
    }

    // A configuration of an older version does not say which containerd reads it, unless "config" printed it for that one: an
    // upgrade does not change the file.
    private IEnumerable<SnapshotterCheckResult> Notes(ConfiguredPlugin plugin, ProxyPlugin declared)
    {
        if (declared.WantsImageLabels && !_configuration.IsOfContainerd2 && !_configuration.HasCriLabels)
            yield return SnapshotterCheckResult.Note($"under Kubernetes, containerd 1 does not tell \"{plugin.Name}\" where layers come from, so it supplies none: disable_snapshot_annotations is not false: {Print}");

        if (!_configuration.IsOfContainerd2 && !_configuration.IsOfContainerd1 && FlawOfUnpacking(plugin) is { } flaw)
            yield return SnapshotterCheckResult.Note($"if containerd 2 reads this configuration, it unpacks no images for \"{plugin.Name}\": {flaw}: {Print}");
    }

    // Without a root, CRI takes the one of containerd. containerd 1.6 has no exports.
    private bool IsMissing(string export, ConfiguredPlugin plugin) =>
        export != ProxyPlugin.RootExport && !plugin.Exports.ContainsKey(export) && !_configuration.IsOfContainerd1;

    private string? FlawOfUnpacking(ConfiguredPlugin plugin)
    {
        var platforms = _configuration.UnpackedPlatforms(plugin.Name);
        if (platforms.Count == 0)
            return "no unpack_config names it";

        return platforms.Any(ContainerdPlatform.IsOfMachine)
            ? null
            : $"its unpack_config has the platform \"{string.Join("\", \"", platforms)}\", but this machine is {ContainerdPlatform.OfMachine}";
    }

    private static bool HasAddressOf(ConfiguredPlugin plugin, ProxyPlugin declared) => IsSamePlace(plugin.Address, declared.Address);

    // /var/run is a link to /run on most systems.
    private static bool IsSamePlace(string one, string other)
    {
        if (one == other || !Path.IsPathFullyQualified(one))
            return one == other;

        one = Path.GetFullPath(one);
        return one == other || (Path.GetFileName(one) == Path.GetFileName(other) && Target(one) is { } target && target == Target(other));
    }

    private static FileIdentity? Target(string path) => HostFiles.Look(Path.GetDirectoryName(path) + "/.", LinkHandling.NoFollow)?.Identity;
}
