namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>The content of "dotnet new snapshotter", and what it creates from a name and a content.</summary>
internal sealed class TemplateTests
{
    [OneTimeSetUp]
    public Task Create() => Template.CreateAsync();

    [Test]
    public void Package_has_the_listed_files() => Assert.That(
        Nupkg.Names(PackedPackage.Templates),
        Is.EqualTo(File.ReadAllLines(Repository.PathOf("tests/System/Package/Templates/Content.verified.txt"))));

    [TestCaseSource(typeof(CreatedProject), nameof(CreatedProject.All))]
    public async Task A_name_becomes_a_valid_name_in_each_place(CreatedProject created)
    {
        var source = await File.ReadAllTextAsync(created.PathOf($"src/{created.Name}/{created.Type}.cs"));
        var project = await File.ReadAllTextAsync(created.PathOf($"src/{created.Name}/{created.Name}.csproj"));
        var configuration = await File.ReadAllTextAsync(created.PathOf("containerd.toml"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(source, Does.Contain($"\nnamespace {created.Namespace};\n").And.Contain($" partial class {created.Type}("));
            Assert.That(project, Does.Contain($"<AssemblyName>{created.Plugin}</AssemblyName>"));
            Assert.That(configuration, Does.Contain($"\n[proxy_plugins.{created.Plugin}]\n").And.Contain($"\"/run/{created.Plugin}/{created.Plugin}.sock\""));
            Assert.That(Directory.GetFiles(created.Folder), Has.One.EndsWith($"/{created.Name}.slnx"));
        }
    }

    [TestCaseSource(typeof(CreatedProject), nameof(CreatedProject.All))]
    public async Task No_placeholder_of_the_template_is_left(CreatedProject created)
    {
        await Template.TestAsync(); // Nothing is written any more.

        var texts = FilesOf(created).Select(file => file[created.Folder.Length..] + "\n" + File.ReadAllText(file));

        Assert.That(texts, Has.None.Match("My-?(Project|Namespace|Content)|my-plugin|Version=\"\\*\"|#if|#endif"));
    }

    [TestCaseSource(typeof(CreatedProject), nameof(CreatedProject.All))]
    public void The_snapshotter_is_short(CreatedProject created)
    {
        var lines = Directory.GetFiles(created.PathOf($"src/{created.Name}"), "*.cs").Sum(static file => File.ReadAllLines(file).Length);

        TestContext.Out.WriteLine($"{lines} lines");
        Assert.That(lines, Is.LessThanOrEqualTo(created.Content == "own" ? 130 : 70));
    }

    [Test]
    public async Task The_solutions_of_all_contents_build_without_a_warning_under_the_strictest_rules()
    {
        var built = await Template.BuildAsync();

        Assert.That(built.Diagnostics(), Is.Empty, built.ToString());
        built.AssertSucceeded();
    }

    [TestCaseSource(typeof(CreatedProject), nameof(CreatedProject.All))]
    public async Task Its_tests_pass(CreatedProject created)
    {
        var tested = await Template.TestAsync();

        Assert.That(tested.Output, Does.Match($@"Passed! .* Failed: +0, Passed: +[1-9]\d+, Skipped: +0, .* {created.Name}\.Tests\.dll"), tested.ToString());
    }

    [TestCaseSource(typeof(CreatedProject), nameof(CreatedProject.All))]
    public async Task Systemd_finds_nothing_wrong_with_its_units(CreatedProject created)
    {
        Tools.Require("systemd-analyze", "unshare");

        // A missing program would be a finding.
        const string Script = """
            mount --no-mtab -t tmpfs bin /usr/local/bin
            cp /bin/true "/usr/local/bin/$1"
            exec /usr/bin/systemd-analyze verify --man=no "${@:2}"
            """;
        var result = await Command.RunAsync(["unshare", "--mount", "bash", "-ec", Script, "bash", created.Plugin, .. Directory.GetFiles(created.PathOf("systemd"))]);

        Assert.That(result.AssertSucceeded().Output + result.Error, Is.Empty);
    }

    private static IEnumerable<string> FilesOf(CreatedProject created) => Directory.GetFiles(created.Folder, "*", SearchOption.AllDirectories)
        .Where(static file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));
}
