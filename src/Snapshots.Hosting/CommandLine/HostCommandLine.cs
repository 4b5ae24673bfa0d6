using System.CommandLine;
using System.CommandLine.Invocation;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Run;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots.Hosting.CommandLine;

/// <summary>The command line of a program that is a snapshotter.</summary>
internal static class HostCommandLine
{
    private const int Failed = 1;

    /// <summary>Reads the command line and runs the program, or prints help, the version or what is wrong.</summary>
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

        command.SetAction((parsed, token) => ReportSetupAsync(() => HostRun.ServeAsync(options.Read(parsed, program.Limits), program.Snapshotters, token)));

        var parsed = command.Parse(args);
        if (parsed.Action is ParseErrorAction action)
            return Task.FromResult(ReportErrors(parsed, action));

        // The host stops by itself on SIGTERM and SIGINT, calls in flight first.
        return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellationToken);
    }

    /// <summary>Does what a command is for; something that the operator has to change becomes a sentence on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int ReportSetup(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (SetupException exception)
        {
            WriteError(exception.Message);
            return Failed;
        }
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
            WriteError(exception.Message);
            return Failed;
        }
    }

    // On standard error alone, and without the help: the output may be a file, or systemd's journal.
    private static int ReportErrors(ParseResult parsed, ParseErrorAction action)
    {
        foreach (var error in parsed.Errors)
            WriteError(error.Message);

        if (Suggestions(parsed, action) is { Length: > 0 } suggestions)
            WriteError(suggestions);

        WriteError("see --help");
        return Failed;
    }

    // "Did you mean", in one line, if anything is like what was written.
    private static string Suggestions(ParseResult parsed, ParseErrorAction action)
    {
        using var text = new StringWriter();
        action.ShowHelp = false;
        parsed.Invoke(new InvocationConfiguration { Output = text, Error = TextWriter.Null });
        return text.ToString().Trim().ReplaceLineEndings(" ");
    }

    private static void WriteError(string message) => Console.Error.WriteLine($"{Journal.ErrorPrefix}{RootCommand.ExecutableName}: {message}");
}
