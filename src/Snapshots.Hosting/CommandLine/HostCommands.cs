using System.CommandLine;
using Containerd.Snapshots.Hosting.Configuration;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The commands of a host that look at what running it would be, and run nothing: <c>config</c> and <c>check</c>.</summary>
internal static class HostCommands
{
    /// <summary>The names of their own options, which a program's own options cannot have.</summary>
    public static IReadOnlyCollection<string> OptionNames { get; } =
        [CommandNames.NameOption, ConfigCommand.ContainerdOption, ConfigCommand.PlatformOption, CommandNames.ContainerdConfigOption];

    /// <summary>Makes them.</summary>
    /// <param name="options">The options that every host has.</param>
    /// <param name="program">The program.</param>
    public static IEnumerable<Command> Create(HostOptionSet options, HostedProgram program) =>
        [new ConfigCommand(options, program).Create(), new CheckCommand(options, program).Create()];

    public static Option<string?> CreateNameOption(HostedProgram program) => new(CommandNames.NameOption)
    {
        Description = program.IsNamed
            ? "One snapshotter of this program; all of them if not given."
            : $"The snapshotter's name in containerd's configuration: {PluginNames.Default} if not given.",
        HelpName = "NAME",
    };
}
