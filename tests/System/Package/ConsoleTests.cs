namespace Containerd.Snapshots.Tests.Package;

/// <summary>The guide's console app.</summary>
internal sealed class ConsoleTests
{
    /// <summary>Properties of this project, and of the native one.</summary>
    /// <remarks>
    /// The switched-off rules are about the user's own code: public types in a program, methods that could be static.
    /// </remarks>
    public const string Settings = $"""
            <OutputType>Exe</OutputType>
            <AssemblyName>example-snapshotter</AssemblyName>
            <NoWarn>CA1515;CA1822</NoWarn>
        {UserFolder.Strict}
        """;

    // A snapshotter sets the modes of its directories, which Windows does not have (CA1416).
    private const string OnlyOnLinux = """
        namespace User;

        internal static class Modes
        {
            public static void Open(string directory) => File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        """;

    [Test]
    public async Task It_builds_in_CSharp_11_without_a_warning_and_runs()
    {
        var user = new UserFolder()
            .Project("Console", $"{Settings}\n    <LangVersion>11.0</LangVersion>")
            .File("Console/Program.cs", Sources.Program)
            .File("Console/Example.cs", Sources.Example)
            .File("Console/Modes.cs", OnlyOnLinux);

        var built = await user.BuildAsync("Console");
        Assert.That(built.Diagnostics(), Is.Empty, built.ToString());
        built.AssertSucceeded();

        var help = (await Command.RunAsync([user.PathOf("Console/bin/Debug/net10.0/example-snapshotter"), "--help"])).AssertSucceeded();
        Assert.That(help.Output, Does.Contain("--root"));
    }

    [Test]
    public async Task A_malformed_class_gives_one_error()
    {
        var user = new UserFolder()
            .Project("Malformed", Settings)
            .File("Malformed/Program.cs", Sources.Program)
            .File("Malformed/Example.cs", Sources.Malformed);

        var built = await user.BuildAsync("Malformed");

        Assert.Multiple(() =>
        {
            Assert.That(built.Diagnostics(), Is.EqualTo(new[] { "error SNAP0004" }), built.ToString());
            Assert.That(built.ExitCode, Is.Not.Zero);
        });
    }

    [Test]
    public async Task A_compiler_that_is_too_old_ends_the_build_with_one_sentence()
    {
        var user = new UserFolder()
            .Project("Old", Settings)
            .File("Old/Program.cs", Sources.Program)
            .File("Old/Example.cs", Sources.Malformed);

        var built = await user.BuildAsync("Old", "-p:CompilerApiVersion=roslyn4.14");

        Assert.Multiple(() =>
        {
            Assert.That(built.Diagnostics(), Is.EqualTo(new[] { "error SNAPPKG1" }), built.ToString());
            Assert.That(built.Output, Does.Contain("needs the C# compiler of .NET SDK 10.0.100").And.Contain("roslyn4.14"));
            Assert.That(built.ExitCode, Is.Not.Zero);
        });
    }
}
