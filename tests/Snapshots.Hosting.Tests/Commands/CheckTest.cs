namespace Containerd.Snapshots.Tests.Hosting.Commands;

/// <summary>Gives each test a folder without any fault, and runs the command check.</summary>
[NonParallelizable]
internal abstract class CheckTest
{
    private DirectoryInfo _folder = null!;

    protected string SocketPath => FileOf("test.sock");

    protected string Root => FileOf("root");

    protected string Configuration => FileOf("config.toml");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("snap-");
        Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Configure("");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    protected string FileOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes containerd's configuration, with the snapshotter as <c>example</c> and further lines.</summary>
    protected void Configure(string more) => File.WriteAllText(Configuration, $"""
        version = 2
        [proxy_plugins.example]
          type = "snapshot"
          address = "{SocketPath}"
        {more}
        """);

    /// <summary>Asserts that check prints a line for a program with one snapshotter.</summary>
    protected Task AssertFindsAsync(string line, params string[] options) => AssertFindsAsync(HostedCommand.Unnamed, line, options);

    /// <summary>Asserts that check prints a line and ends with the exit code that fits its findings.</summary>
    /// <param name="program">The program.</param>
    /// <param name="line">The line without the spaces after its level; FOLDER stands for the test's folder.</param>
    /// <param name="options">Further options.</param>
    protected async Task AssertFindsAsync(Func<string[], SnapshotterHostBuilder> program, string line, params string[] options)
    {
        var result = await CheckAsync(program, SocketPath, options);

        Assert.Multiple(() =>
        {
            Assert.That(Squeeze(result.Lines), Has.Member(line.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal)));
            Assert.That(result.ExitCode, Is.EqualTo(result.Output.Contains("wrong ", StringComparison.Ordinal) ? 1 : 0));
            Assert.That(result.Error, Is.Empty);
        });
    }

    protected Task<HostedCommand> CheckAsync(Func<string[], SnapshotterHostBuilder> program, string socketPath, params string[] options) =>
        HostedCommand.RunAsync(program, ["check", socketPath, "--containerd-config", Configuration, .. options.Contains("--root") ? options : ["--root", Root, .. options]]);

    private static IEnumerable<string> Squeeze(IEnumerable<string> lines) => lines.Select(line =>
        line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var level, var rest] ? $"{level} {rest}" : line);
}
