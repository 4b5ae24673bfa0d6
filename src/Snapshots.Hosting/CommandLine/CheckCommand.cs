using System.CommandLine;
using Containerd.Snapshots.Hosting.Checks;
using Containerd.Snapshots.Hosting.Configuration;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;
using Containerd.Snapshots.Hosting.Sockets;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary><c>check</c>: says what is wrong on this machine, a line for each finding. It creates and changes nothing.</summary>
internal sealed class CheckCommand(HostOptionSet options, HostedProgram program)
{
    private const int Fine = 0, Wrong = 1;
    private const int LevelWidth = 7;

    private readonly Option<string> _file = new(CommandNames.ContainerdConfigOption)
    {
        Description = "containerd's configuration.",
        HelpName = "PATH",
        DefaultValueFactory = static _ => "/etc/containerd/config.toml",
    };

    private readonly Option<string?> _name = HostCommands.CreateNameOption(program);

    public Command Create()
    {
        var command = new Command(CommandNames.Check, "Says what is wrong on this machine for a snapshotter that is run with these options; the exit code is 1 if anything is.");
        options.AddTo(command);
        program.AddOptionsTo(command);
        command.Options.Add(_file);
        command.Options.Add(_name);
        command.SetAction(parsed => HostCommandLine.ReportSetup(() => Run(parsed)));
        return command;
    }

    private static string Line(string group, SnapshotterCheckResult result) =>
        $"{result.Level.ToString().ToLowerInvariant().PadRight(LevelWidth)} {group}: {result}".ReplaceLineEndings(" ");

    private int Run(ParseResult parsed)
    {
        var given = options.Read(parsed, program.Limits);
        var name = parsed.GetValue(_name);
        var names = PluginNames.Choose(program, name);
        var address = given.SocketPath ?? throw SocketPath.Missing();

        var isWrong = false;
        foreach (var group in Groups())
        {
            foreach (var result in group.Run())
            {
                parsed.InvocationConfiguration.Output.WriteLine(Line(group.Name, result));
                isWrong |= result.Level == SnapshotterCheckLevel.Wrong;
            }
        }

        return isWrong ? Wrong : Fine;

        IEnumerable<CheckGroup> Groups()
        {
            yield return new("socket", () => SocketChecks.Of(address, given.SocketAccess));
            yield return new("users", () => AccountChecks.Of(given));
            foreach (var commandLine in names.Select(each => new SnapshotterCommandLine(program.IsNamed ? each : null, given)))
            {
                var suffix = program.IsNamed ? $" of {commandLine.Name}" : "";
                yield return new("root" + suffix, () => RootChecks.Of(commandLine.Root));
                foreach (var check in program.Checks)
                    yield return new(check.Name + suffix, () => check.Run(commandLine));
            }

            var plugins = names.Select(each => ProxyPlugin.Declared(program, given, each, SocketPath.CheckText(address)));
            yield return new("containerd", () => ContainerdChecks.Of(parsed.GetValue(_file)!, [.. plugins], anyName: !program.IsNamed && name is null));
        }
    }
}
