using System.CommandLine;
using Containerd.Snapshots.CompilerServices;

namespace Containerd.Snapshots.Hosting.Setup;

/// <summary>A program's snapshotters, options, declarations, checks and limits.</summary>
internal sealed class HostedProgram
{
    /// <summary>The program's own options.</summary>
    public List<Option> Options { get; } = [];

    public List<HostedSnapshotter> Snapshotters { get; } = [];

    /// <summary>Whether the snapshotters have names. A snapshotter without a name is the only one.</summary>
    public bool IsNamed => Snapshotters is [{ Name: not null }, ..];

    public List<DeclaredCapability> Capabilities { get; } = [];

    public List<KeyValuePair<string, string>> Exports { get; } = [];

    /// <summary>The program's own checks.</summary>
    public List<DeclaredCheck> Checks { get; } = [];

    /// <summary>The program's own commands.</summary>
    public List<DeclaredCommand> Commands { get; } = [];

    /// <summary>The program's limits, which the command line can change.</summary>
    public SnapshotterLimits Limits { get; } = new();

    public void AddOptionsTo(Command command)
    {
        foreach (var option in Options)
            command.Options.Add(option);
    }
}

/// <summary>A capability, and whether the snapshotter has it with the given options.</summary>
internal sealed record DeclaredCapability(string Name, Func<SnapshotterCommandLine, bool> IsThere);

/// <summary>A check of the machine.</summary>
internal sealed record DeclaredCheck(string Name, Func<SnapshotterCommandLine, IEnumerable<SnapshotterCheckResult>> Run);

/// <summary>A command of the program, and what runs it.</summary>
internal sealed record DeclaredCommand(Command Command, Func<SnapshotterCommandLine, ParseResult, CancellationToken, Task<int>> RunAsync);

/// <summary>A snapshotter that the host creates: its name, its type, and the function that creates it.</summary>
internal sealed record HostedSnapshotter(
    string? Name,
    Type Type,
    Func<SnapshotterHostContext, Task<(object Snapshotter, SnapshotterService Service)>> CreateAsync);
