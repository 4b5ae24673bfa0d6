using System.CommandLine;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots.Hosting;

/// <summary>What a program brings to its host.</summary>
internal sealed class HostedProgram
{
    /// <summary>The options of the program's own.</summary>
    public List<Option> Options { get; } = [];

    public List<HostedSnapshotter> Snapshotters { get; } = [];

    /// <summary>The program's limits, which the command line can change.</summary>
    public SnapshotterLimits Limits { get; } = new();
}

/// <summary>A snapshotter to be: its name, and how it is made.</summary>
internal sealed record HostedSnapshotter(
    string? Name,
    Type Type,
    Func<SnapshotterHostContext, (object Snapshotter, SnapshotterService Service)> Create);
