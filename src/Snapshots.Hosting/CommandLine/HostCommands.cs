using System.CommandLine;
using Containerd.Snapshots.Hosting.Configuration;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The commands that create no snapshotter and serve nothing: <c>config</c>, <c>check</c> and the program's own.</summary>
internal static class HostCommands
{
    /// <summary>The names of the commands' options, which a program's own options cannot have.</summary>
    public static IReadOnlyCollection<string> OptionNames { get; } =
        [CommandNames.NameOption, ConfigCommand.ContainerdOption, ConfigCommand.PlatformOption, CommandNames.ContainerdConfigOption];

    /// <summary>Creates the commands.</summary>
    /// <param name="options">The options that every host has.</param>
    /// <param name="program">The program.</param>
    public static IEnumerable<Command> Create(HostOptionSet options, HostedProgram program) =>
        [new ConfigCommand(options, program).Create(), new CheckCommand(options, program).Create(), .. program.Commands.Select(each => Create(each, options, program))];

    private static Command Create(DeclaredCommand declared, HostOptionSet options, HostedProgram program)
    {
        options.AddRootTo(declared.Command);
        program.AddOptionsTo(declared.Command);
        declared.Command.SetAction((parsed, token) => HostCommandLine.ReportSetupAsync(
            () => declared.RunAsync(new(name: null, options.Read(parsed, program.Limits)), parsed, token)));
        return declared.Command;
    }

    public static Option<string?> CreateNameOption(HostedProgram program) => new(CommandNames.NameOption)
    {
        Description = program.IsNamed
            ? "One of this program's snapshotters. Default: all of them."
            : $"The snapshotter's name in containerd's configuration. Default: {PluginNames.Default}.",
        HelpName = "NAME",
    };
}
