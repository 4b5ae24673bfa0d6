namespace Containerd.Snapshots.Tests.Processes;

/// <summary>Builds Go programs of the repository against containerd's packages, whose sources Debian installs.</summary>
public static class GoProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // Containerd's packages are compiled once for all programs of a run.
    private static readonly Lazy<string> Cache = new(MakeCache);

    /// <summary>Builds a program.</summary>
    /// <param name="source">Its source file, relative to the repository.</param>
    /// <param name="folder">A folder for the binary.</param>
    /// <returns>The binary's path.</returns>
    public static Task<string> BuildAsync(string source, string folder) => RunAsync(["go", "build"], source, folder);

    /// <summary>Builds Go tests, as a program that runs them.</summary>
    /// <inheritdoc cref="BuildAsync"/>
    public static Task<string> BuildTestsAsync(string source, string folder) => RunAsync(["go", "test", "-c"], source, folder);

    private static async Task<string> RunAsync(IReadOnlyList<string> compile, string source, string folder)
    {
        Tools.Require("go");
        var binary = Path.Combine(folder, "program");
        var built = await Command.RunAsync(
            [.. compile, "-o", binary, Repository.PathOf(source)],
            new Dictionary<string, string> { ["GO111MODULE"] = "off", ["GOPATH"] = "/usr/share/gocode", ["GOCACHE"] = Cache.Value },
            Limit);
        built.AssertSucceeded();
        return binary;
    }

    // That of the caller, or one of this process.
    private static string MakeCache()
    {
        if (Environment.GetEnvironmentVariable("GOCACHE") is { Length: > 0 } given)
            return given;

        var folder = Directory.CreateTempSubdirectory("go-cache-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    }
}
