namespace Containerd.Snapshots.Tests.Package.Templates;

/// <summary>The content of "dotnet new snapshotter", and what it creates from a name.</summary>
internal sealed class TemplateTests
{
    [Test]
    public void Package_has_the_listed_files() => Assert.That(
        Nupkg.Names(PackedPackage.Templates),
        Is.EqualTo(File.ReadAllLines(Repository.PathOf("tests/System/Package/Templates/Content.verified.txt"))));

    [TestCase("my-snapshotter", "MySnapshotter", "MySnapshotter", "my-snapshotter")]
    [TestCase("Acme.Snapshots", "Acme.Snapshots", "AcmeSnapshotter", "acme-snapshots")]
    [TestCase("LazyXMLImages", "LazyXMLImages", "LazyXMLImagesSnapshotter", "lazy-xml-images")]
    [TestCase("9p", "_9P", "_9PSnapshotter", "9p")]
    public async Task A_name_becomes_a_valid_name_in_each_place(string name, string space, string type, string plugin)
    {
        var folder = await Template.CreateAsync(name);

        var source = await File.ReadAllTextAsync(Path.Combine(folder, $"src/{name}/{type}.cs"));
        var project = await File.ReadAllTextAsync(Path.Combine(folder, $"src/{name}/{name}.csproj"));
        var configuration = await File.ReadAllTextAsync(Path.Combine(folder, "containerd.toml"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(source, Does.Contain($"\nnamespace {space};\n").And.Contain($" partial class {type}("));
            Assert.That(project, Does.Contain($"<AssemblyName>{plugin}</AssemblyName>"));
            Assert.That(configuration, Does.Contain($"\n[proxy_plugins.{plugin}]\n").And.Contain($"\"/run/{plugin}/{plugin}.sock\""));
            Assert.That(Directory.GetFiles(folder), Has.One.EndsWith($"/{name}.slnx"));
        }
    }

    [Test]
    public async Task No_placeholder_of_the_template_is_left()
    {
        var folder = await Template.CreateAsync("LazyXMLImages");

        var texts = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => file[folder.Length..] + "\n" + File.ReadAllText(file));

        Assert.That(texts, Has.None.Match("My-?(Project|Namespace|Snapshotter)|my-plugin|Version=\"\\*\""));
    }

    [Test]
    public async Task Created_solution_builds_without_a_warning_under_the_strictest_rules()
    {
        var folder = await Template.CreateAsync("Acme.Snapshots");

        // These rules do not fit tests: only NUnit creates their classes, and no caller blocks on their tasks.
        var built = await Template.BuildAsync(
            folder, "-p:AnalysisLevel=latest-all", "-p:EnforceCodeStyleInBuild=true", "-p:GenerateDocumentationFile=true", "-p:NoWarn=CA1812%3BCA2007");

        Assert.That(built.Diagnostics(), Is.Empty, built.ToString());
        built.AssertSucceeded();
    }
}
