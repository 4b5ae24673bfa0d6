using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Systemd;

/// <summary>A unit of deploy/systemd: a service that runs a sample, its socket, and services beside it.</summary>
public sealed class DeployedUnit
{
    private static readonly string Folder = Repository.PathOf("deploy/systemd");

    private DeployedUnit(string name, PublishedSample sample, params IReadOnlyList<string> beside) =>
        (Name, Sample, Services) = (name, sample, [$"{name}.service", .. beside]);

    public static DeployedUnit Overlay { get; } = new("overlay-snapshotter", PublishedSample.Overlay);

    public static DeployedUnit Lazy { get; } = new("lazy-snapshotter", PublishedSample.Lazy, "lazy-snapshotter-keeper.service");

    public static IReadOnlyList<DeployedUnit> All { get; } = [Overlay, Lazy];

    /// <summary>The name of the service without its ending, and of its program.</summary>
    public string Name { get; }

    public PublishedSample Sample { get; }

    public string Service => Services[0];

    /// <summary>The service, and those that it starts.</summary>
    public IReadOnlyList<string> Services { get; }

    public string Socket => $"{Name}.socket";

    /// <summary>Where systemd looks for drop-ins of the service.</summary>
    public string DropIns => $"{Service}.d";

    /// <summary>The socket's path in the machine.</summary>
    public string SocketPath => $"/run/{Name}/{Name}.sock";

    /// <summary>Copies all units, without the drop-ins.</summary>
    public void CopyTo(string folder)
    {
        foreach (var unit in (IEnumerable<string>)[.. Services, Socket])
            File.Copy(Path.Combine(Folder, unit), Path.Combine(folder, unit));
    }

    /// <summary>A drop-in's text.</summary>
    public string ReadDropIn(string name) => File.ReadAllText(Path.Combine(Folder, DropIns, name));

    /// <summary>The settings of the service, without its drop-ins, in order.</summary>
    public IEnumerable<(string Name, string Value)> ReadService() => Read(Service);

    /// <summary>The settings of a service, in order.</summary>
    public static IEnumerable<(string Name, string Value)> Read(string service) =>
        from line in File.ReadLines(Path.Combine(Folder, service))
        where line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#')
        let parts = line.Split('=', 2)
        select (parts[0], parts[1]);

    /// <summary>The name, for the names of tests.</summary>
    public override string ToString() => Name;
}
