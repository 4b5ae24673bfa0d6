using System.CommandLine;
using Containerd.Snapshots.Tests.Fixtures;

namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>Runs a command of a hosted program in this process, and captures its output.</summary>
internal sealed record HostedCommand(int ExitCode, string Output, string Error)
{
    public static readonly Option<bool> Remap = new("--remap");

    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A program with one unnamed snapshotter, which must never be made.</summary>
    public static SnapshotterHostBuilder Unnamed(string[] args) => SnapshotterHost.CreateBuilder(args).AddSnapshotter<Scripted>(NotMade);

    /// <summary>A program with two snapshotters, which must never be made.</summary>
    public static SnapshotterHostBuilder Named(string[] args) => SnapshotterHost.CreateBuilder(args)
        .AddSnapshotter<Scripted>("fast", NotMade)
        .AddSnapshotter<Scripted>("cheap", NotMade);

    /// <summary>
    /// Runs a command to its end. It replaces the process's standard streams: tests that use it cannot run in parallel.
    /// </summary>
    public static async Task<HostedCommand> RunAsync(Func<string[], SnapshotterHostBuilder> program, params string[] args)
    {
        var (beforeOutput, beforeError) = (Console.Out, Console.Error);
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var exitCode = await Eventually.Within(program(args).RunAsync());
            return new(exitCode, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(beforeOutput);
            Console.SetError(beforeError);
        }
    }

    private static Scripted NotMade(SnapshotterHostContext context) => throw new AssertionException("A snapshotter was made.");
}
