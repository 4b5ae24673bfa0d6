using System.CommandLine;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots.Hosting.Setup;

/// <summary>What a program brings to its host.</summary>
internal sealed class HostedProgram
{
    /// <summary>The options of the program's own.</summary>
    public List<Option> Options { get; } = [];

    public List<HostedSnapshotter> Snapshotters { get; } = [];

    /// <summary>Whether its snapshotters have names; one without a name is alone.</summary>
    public bool IsNamed => Snapshotters is [{ Name: not null }, ..];

    public List<DeclaredCapability> Capabilities { get; } = [];

    public List<KeyValuePair<string, string>> Exports { get; } = [];

    /// <summary>The checks of the program's own.</summary>
    public List<DeclaredCheck> Checks { get; } = [];

    /// <summary>The program's limits, which the command line can change.</summary>
    public SnapshotterLimits Limits { get; } = new();

    public void AddOptionsTo(Command command)
    {
        foreach (var option in Options)
            command.Options.Add(option);
    }
}

/// <summary>Something that containerd may count on, and whether it is there with the options that are given.</summary>
internal sealed record DeclaredCapability(string Name, Func<SnapshotterCommandLine, bool> IsThere);

/// <summary>Something to look at on the machine.</summary>
internal sealed record DeclaredCheck(string Name, Func<SnapshotterCommandLine, IEnumerable<SnapshotterCheckResult>> Run);

/// <summary>A snapshotter to be: its name, and how it is made.</summary>
internal sealed record HostedSnapshotter(
    string? Name,
    Type Type,
    Func<SnapshotterHostContext, (object Snapshotter, SnapshotterService Service)> Create);
