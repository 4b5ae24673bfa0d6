using System.CommandLine;
using System.CommandLine.Parsing;
using Containerd.Snapshots.Hosting.Configuration;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary><c>config</c>: prints what containerd's configuration has to say of the snapshotter, with the options that it is run with.</summary>
internal sealed class ConfigCommand(HostOptionSet options, HostedProgram program)
{
    public const string ContainerdOption = "--containerd", PlatformOption = "--platform";

    private readonly Option<ContainerdVersion?> _containerd = new(ContainerdOption)
    {
        Description = "The version of containerd: 1.6, 1.7, or 2 if not given.",
        HelpName = "VERSION",
        CustomParser = Version,
    };

    private readonly Option<string?> _name = HostCommands.CreateNameOption(program);

    private readonly Option<string?> _platform = new(PlatformOption)
    {
        Description = $"The platform that the snapshotter is for: this machine's, {ContainerdPlatform.OfMachine}, if not given.",
        HelpName = "OS/ARCHITECTURE",
    };

    public Command Create()
    {
        var command = new Command(CommandNames.Config, "Prints what containerd's configuration needs for a snapshotter that is run with these options.");
        options.AddTo(command);
        program.AddOptionsTo(command);
        command.Options.Add(_containerd);
        command.Options.Add(_name);
        command.Options.Add(_platform);
        command.SetAction(parsed => HostCommandLine.ReportSetup(() => Print(parsed)));
        return command;
    }

    private int Print(ParseResult parsed)
    {
        var given = options.Read(parsed, program.Limits);
        var address = SocketPath.CheckText(given.SocketPath ?? throw SocketPath.Missing());
        var platform = parsed.GetValue(_platform) ?? ContainerdPlatform.OfMachine;
        var plugins = PluginNames.Choose(program, parsed.GetValue(_name)).Select(name => ProxyPlugin.Declared(program, given, name, address)).ToList();

        parsed.InvocationConfiguration.Output.Write(ConfigurationText.Of(parsed.GetValue(_containerd) ?? ContainerdVersion.Two, platform, plugins));
        return 0;
    }

    private static ContainerdVersion? Version(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        switch (text)
        {
            case "1.6":
                return ContainerdVersion.OneSix;
            case "1.7":
                return ContainerdVersion.OneSeven;
            case "2" or ['2', '.', ..]:
                return ContainerdVersion.Two;
            default:
                argument.AddError($"\"{text}\" is not a version of containerd that is known here: choose one of 1.6, 1.7, 2");
                return null;
        }
    }
}
