namespace Containerd.Snapshots.Tests.Package;

/// <summary>
/// A solution in which two libraries reference the package, with classes of the same name, and an app has it only
/// through one of them. Each project has a class that the analyzer warns about.
/// </summary>
internal sealed class SolutionTests
{
    private const string Warned = """
        using Containerd.Snapshots;

        namespace User;

        /// <summary>It has no Remove.</summary>
        [Snapshotter]
        public sealed partial class Warned
        {
            /// <summary>Finds.</summary>
            public SnapshotInfo? Stat(string key) => null;

            /// <summary>Makes.</summary>
            public Mount Prepare(string key) => Mount.Bind(key);
        }

        """;

    private const string Program = """
        using Containerd.Snapshots;
        using User;

        return await SnapshotterHost.RunAsync(args, host => new InApp(host.Root, host.Logger));

        """;

    private CommandResult _built = null!;

    [OneTimeSetUp]
    public async Task Build()
    {
        const string Reference = """<ProjectReference Include="../First/First.csproj" />""";
        var user = new UserFolder()
            .Project("First")
            .File("First/Example.cs", Sources.Example)
            .File("First/Warned.cs", Warned)
            .Project("Second")
            .File("Second/Example.cs", Sources.Example)
            .File("Second/Warned.cs", Warned)
            .Project("App", "    <OutputType>Exe</OutputType>", Reference)
            .File("App/Program.cs", Program)
            .File("App/InApp.cs", Sources.ExampleNamed("InApp"))
            .File("App/Warned.cs", Warned.Replace("Warned", "WarnedInApp", StringComparison.Ordinal))
            .File("User.slnx", """
                <Solution>
                  <Project Path="First/First.csproj" />
                  <Project Path="Second/Second.csproj" />
                  <Project Path="App/App.csproj" />
                </Solution>
                """);

        _built = await user.BuildAsync("User.slnx");
    }

    [Test]
    public void It_builds() => _built.AssertSucceeded();

    [TestCase("First")]
    [TestCase("Second")]
    [TestCase("App", Description = "It has the package only through First.")]
    public void Analyzers_work_in(string project) =>
        Assert.That(_built.Lines, Has.Some.Contains("warning SNAP0041").And.Contains($"{project}.csproj]"), _built.ToString());

    [Test]
    public void There_is_no_other_warning() =>
        Assert.That(_built.Diagnostics(), Is.EqualTo(new[] { "warning SNAP0041" }), _built.ToString());
}
