using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>The project's systemd units.</summary>
internal static class Units
{
    public const string Service = "overlay-snapshotter.service", Socket = "overlay-snapshotter.socket";

    /// <summary>The drop-in for a service that mounts nothing.</summary>
    public const string MountsNothing = "mounts-nothing.conf";

    /// <summary>Where systemd looks for drop-ins of the service.</summary>
    public const string DropIns = $"{Service}.d";

    private static readonly string Folder = Repository.PathOf("deploy/systemd");

    /// <summary>Copies both units, without the drop-in.</summary>
    public static void CopyTo(string folder)
    {
        foreach (var unit in (IEnumerable<string>)[Service, Socket])
            File.Copy(Path.Combine(Folder, unit), Path.Combine(folder, unit));
    }

    /// <summary>The drop-in's text.</summary>
    public static string ReadMountsNothing() => File.ReadAllText(Path.Combine(Folder, DropIns, MountsNothing));

    /// <summary>The drop-in of docs/production.md for a snapshotter that mounts: the first block of that section.</summary>
    public static string ReadWhatMounts()
    {
        const string Title = "### A snapshotter that mounts", Begin = "```ini\n";
        var text = File.ReadAllText(Repository.PathOf("docs/production.md"));
        text = text[text.IndexOf(Title, StringComparison.Ordinal)..];
        text = text[(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..];
        return text[..text.IndexOf("```", StringComparison.Ordinal)];
    }

    /// <summary>The settings of the service, without its drop-in, in order.</summary>
    public static IEnumerable<(string Name, string Value)> ReadService() =>
        from line in File.ReadLines(Path.Combine(Folder, Service))
        where line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#')
        let parts = line.Split('=', 2)
        select (parts[0], parts[1]);
}
