namespace Containerd.Snapshots.Hosting;

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
