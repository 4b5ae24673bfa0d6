using Containerd.Snapshots.Tests.Processes;
using Containerd.Snapshots.Tests.Systemd;

namespace Containerd.Snapshots.Tests.Host.Systemd;

/// <summary>Drop-ins of the overlay snapshotter's unit.</summary>
internal static class Units
{
    /// <summary>The drop-in for a service that mounts nothing.</summary>
    public const string MountsNothing = "mounts-nothing.conf";

    /// <summary>The drop-in's text.</summary>
    public static string ReadMountsNothing() => DeployedUnit.Overlay.ReadDropIn(MountsNothing);

    /// <summary>The drop-in of docs/production.md for a snapshotter that mounts: the first block of that section.</summary>
    public static string ReadWhatMounts()
    {
        const string Title = "### A snapshotter that mounts", Begin = "```ini\n";
        var text = File.ReadAllText(Repository.PathOf("docs/production.md"));
        text = text[text.IndexOf(Title, StringComparison.Ordinal)..];
        text = text[(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..];
        return text[..text.IndexOf("```", StringComparison.Ordinal)];
    }
}
