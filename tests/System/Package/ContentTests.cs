using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>The content of a library's package.</summary>
[TestFixture("Snapshots.Runtime", new[] { "Google.Protobuf", "Grpc.AspNetCore.Server" })]
[TestFixture("Snapshots.Hosting", new[] { "Snapshots.Runtime", "Microsoft.Extensions.Hosting.Systemd", "System.CommandLine", "Tomlyn" })]
[TestFixture("Snapshots.Storage", new[] { "Snapshots.Runtime", "Microsoft.Data.Sqlite" })]
[TestFixture("Snapshots.Overlay", new[] { "Snapshots.Storage" })]
[TestFixture("Snapshots.Erofs", new[] { "Snapshots.Runtime", "ZstdSharp.Port" })]
[TestFixture("Snapshots.Remote", new[] { "Snapshots.Runtime", "SharpYaml", "Tomlyn" })]
internal sealed class ContentTests(string package, string[] dependencies)
{
    private static readonly string[] Texts = [".md", ".nuspec", ".targets", ".xml"];

    [Test]
    public void It_has_the_listed_files() => Assert.That(
        Names("nupkg"),
        Is.EqualTo(File.ReadAllLines(Repository.PathOf($"tests/System/Package/{package}.verified.txt"))));

    [Test]
    public void Symbols_are_beside_it() => Assert.That(
        Names("snupkg"),
        Is.EqualTo(new[] { $"{package}.nuspec", $"lib/net10.0/{package}.pdb" }));

    [Test]
    public void It_does_not_depend_on_what_only_its_build_needs()
    {
        var nuspec = XDocument.Parse(Text("nupkg", $"{package}.nuspec"));

        var needed = nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);

        Assert.That(needed, Is.EquivalentTo(dependencies));
    }

    [Test]
    public void It_depends_on_exactly_this_version_of_the_other_packages()
    {
        var nuspec = XDocument.Parse(Text("nupkg", $"{package}.nuspec"));

        var versions = nuspec.Descendants()
            .Where(element => element.Name.LocalName == "dependency" && element.Attribute("id")!.Value.StartsWith("Snapshots.", StringComparison.Ordinal))
            .Select(element => element.Attribute("version")!.Value);

        Assert.That(versions, Is.All.EqualTo($"[{PackedPackage.Version}]"));
    }

    [Test]
    public void It_names_its_license_and_no_address_where_none_is_given()
    {
        var metadata = XDocument.Parse(Text("nupkg", $"{package}.nuspec")).Descendants().ToLookup(element => element.Name.LocalName);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(metadata["license"].Single().Value, Is.EqualTo("Apache-2.0"));
            Assert.That(metadata["projectUrl"], Is.Empty);
            Assert.That(metadata["repository"].Attributes("url"), Is.Empty);
        }
    }

    [TestCase("nupkg")]
    [TestCase("snupkg")]
    public void No_text_names_the_machine(string extension) => Assert.Multiple(() =>
    {
        foreach (var file in Names(extension).Where(name => Texts.Contains(Path.GetExtension(name))))
            Assert.That(Text(extension, file), Does.Not.Contain(Repository.PathOf("")).And.Not.Contain(PackedPackage.Box), file);
    });

    [Test]
    public void No_assembly_names_the_machine() => Assert.Multiple(() =>
    {
        foreach (var file in Names("nupkg").Where(name => Path.GetExtension(name) == ".dll"))
        {
            using var assembly = new PEReader(new MemoryStream(Read("nupkg", file)));

            var symbols = assembly.ReadDebugDirectory()
                .Where(entry => entry.Type == DebugDirectoryEntryType.CodeView)
                .Select(entry => assembly.ReadCodeViewDebugDirectoryData(entry).Path);

            Assert.That(symbols, Is.Not.Empty.And.All.StartsWith("/_/"), file);
        }
    });

    [Test]
    public void No_symbols_name_the_machine()
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read("snupkg", $"lib/net10.0/{package}.pdb")));
        var symbols = provider.GetMetadataReader();

        var documents = symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name)).ToList();

        Assert.That(documents, Has.Count.GreaterThan(10).And.All.StartsWith("/_/"));
    }

    private string[] Names(string extension) => Nupkg.Names(PackedPackage.FileName(package, extension));

    private byte[] Read(string extension, string file) => Nupkg.Read(PackedPackage.FileName(package, extension), file);

    private string Text(string extension, string file) => Encoding.UTF8.GetString(Read(extension, file)).TrimStart('\uFEFF');
}
