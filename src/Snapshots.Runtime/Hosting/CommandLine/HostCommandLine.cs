using System.CommandLine;

namespace Containerd.Snapshots.Hosting;

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

        // The host stops by itself on SIGTERM and SIGINT, calls in flight first.
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellationToken);
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
            Console.Error.WriteLine(Sentence(exception));
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
            await Console.Error.WriteLineAsync(Sentence(exception)).ConfigureAwait(false);
            return Failed;
        }
    }

    private static string Sentence(SetupException exception) => $"{Journal.ErrorPrefix}{RootCommand.ExecutableName}: {exception.Message}";
}
