using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;

namespace Containerd.Snapshots.Hosting;

/// <summary>The command line of a program that is a snapshotter.</summary>
internal static class HostCommandLine
{
    private const int Failed = 1;

    private const string Root = "--root", LogLevelName = "--log-level";

    /// <summary>The names of the options that every host has.</summary>
    public static IReadOnlyList<string> Options { get; } = [Root, LogLevelName, "--help", "-h", "-?", "/h", "/?", "--version"];

    private static string LogLevels => string.Join(", ", Enum.GetNames<LogLevel>());

    /// <summary>Reads the command line and runs the program, or prints help, the version or what is wrong.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(
        string[] args, IEnumerable<Option> ownOptions, Func<CommandLineOptions, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        var socket = new Argument<string>("socket")
        {
            Description = "The Unix socket to serve on: the address in containerd's configuration.",
        };
        var root = new Option<string?>(Root)
        {
            Description = "The directory where the snapshotter keeps what it has.",
            HelpName = "DIR",
        };
        var logLevel = new Option<LogLevel>(LogLevelName)
        {
            Description = $"What to log: one of {LogLevels}. Debug has a line for each call.",
            HelpName = "LEVEL",
            DefaultValueFactory = static _ => LogLevel.Information,
            CustomParser = ParseLogLevel,
        };

        var command = new RootCommand("A containerd snapshotter, as a proxy plugin.") { socket, root, logLevel };
        foreach (var option in ownOptions)
            command.Options.Add(option);

        command.SetAction((parsed, token) => ReportSetupAsync(
            () => run(new CommandLineOptions(parsed.GetRequiredValue(socket), parsed.GetValue(root), parsed.GetValue(logLevel), parsed), token)));

        // The host stops by itself on SIGTERM and SIGINT, calls in flight first.
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellationToken);
    }

    private static LogLevel ParseLogLevel(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level))
            return level;

        argument.AddError($"\"{text}\" is not a log level: choose one of {LogLevels}");
        return default;
    }

    private static async Task<int> ReportSetupAsync(Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            return 0;
        }
        catch (SetupException exception)
        {
            await Console.Error.WriteLineAsync($"{RootCommand.ExecutableName}: {exception.Message}").ConfigureAwait(false);
            return Failed;
        }
    }
}
