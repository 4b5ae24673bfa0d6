using System.Diagnostics;

namespace Containerd.Snapshots.Tests.Processes;

/// <summary>Starts all processes of the tests.</summary>
public static class Command
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command to its end and captures its output. Kills a command that takes too long, and fails.</summary>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? limit = null)
    {
        using var process = Start(command, environment);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(limit ?? DefaultLimit);
        try
        {
            await Task.WhenAll(output, error, process.WaitForExitAsync(timeout.Token)).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new AssertionException($"This took longer than {limit ?? DefaultLimit}: {string.Join(' ', command)}");
        }

        return new CommandResult(string.Join(' ', command), process.ExitCode, await output, await error);
    }

    /// <summary>Starts a command with all three standard streams redirected.</summary>
    public static Process Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
