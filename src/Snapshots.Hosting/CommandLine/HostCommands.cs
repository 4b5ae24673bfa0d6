using System.CommandLine;
using Containerd.Snapshots.Hosting.Configuration;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The commands that create no snapshotter and serve nothing: <c>config</c> and <c>check</c>.</summary>
internal static class HostCommands
{
    /// <summary>The names of the commands' options, which a program's own options cannot have.</summary>
    public static IReadOnlyCollection<string> OptionNames { get; } =
        [CommandNames.NameOption, ConfigCommand.ContainerdOption, ConfigCommand.PlatformOption, CommandNames.ContainerdConfigOption];

    /// <summary>Creates the commands.</summary>
    /// <param name="options">The options that every host has.</param>
    /// <param name="program">The program.</param>
    public static IEnumerable<Command> Create(HostOptionSet options, HostedProgram program) =>
        [new ConfigCommand(options, program).Create(), new CheckCommand(options, program).Create()];

    public static Option<string?> CreateNameOption(HostedProgram program) => new(CommandNames.NameOption)
    {
        Description = program.IsNamed
            ? "One of this program's snapshotters. Default: all of them."
            : $"The snapshotter's name in containerd's configuration. Default: {PluginNames.Default}.",
        HelpName = "NAME",
    };
}
