namespace Containerd.Snapshots.Tests.Processes;

/// <summary>The output and exit code of a finished process.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asserts that the exit code is 0; a failure shows the whole result. Returns the result itself.</summary>
    public CommandResult AssertSucceeded() =>
        ExitCode == 0 ? this : throw new AssertionException($"This failed:\n{this}");

    public override string ToString() => $"$ {CommandLine}\n{Output}{Error}exit code {ExitCode}";
}
