using System.CommandLine;
using System.CommandLine.Invocation;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Run;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The command line of a snapshotter program.</summary>
internal static class HostCommandLine
{
    private const int Failed = 1;

    /// <summary>Parses the command line, then runs the program or prints help, the version or errors.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(
        string[] args, HostedProgram program, CancellationToken cancellationToken)
    {
        var options = new HostOptionSet();
        var command = new RootCommand("A containerd snapshotter, as a proxy plugin.");
        options.AddTo(command);
        program.AddOptionsTo(command);
        foreach (var subcommand in HostCommands.Create(options, program))
            command.Subcommands.Add(subcommand);

        command.SetAction((parsed, token) => ReportSetupAsync(async () =>
        {
            await HostRun.ServeAsync(options.Read(parsed, program.Limits), program.Snapshotters, token).ConfigureAwait(false);
            return 0;
        }));

        var parsed = command.Parse(args);
        if (parsed.Action is ParseErrorAction)
            return Task.FromResult(ReportErrors(parsed));

        // The host handles SIGTERM and SIGINT itself: it waits for calls in flight.
        return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellationToken);
    }

    /// <summary>Runs a command. A <see cref="SetupException"/> becomes a sentence on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int ReportSetup(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (SetupException exception)
        {
            ErrorLine.Write(exception.Message);
            return Failed;
        }
    }

    /// <summary>Runs the program or one of its own commands. An exception for the operator becomes a sentence on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportSetupAsync(Func<Task<int>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SetupException or SnapshotterException)
        {
            ErrorLine.Write(exception.Message);
            return Failed;
        }
    }

    // Writes to standard error only, and without the help text: the output may be a file, or systemd's journal.
    private static int ReportErrors(ParseResult parsed)
    {
        foreach (var line in parsed.Errors.Select(static error => error.Message).Concat(Suggestions.Of(parsed)).Append("see --help"))
            ErrorLine.Write(line);

        return Failed;
    }
}
