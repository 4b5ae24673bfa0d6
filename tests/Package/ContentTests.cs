using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>What is in the package.</summary>
internal sealed class ContentTests
{
    [Test]
    public void It_has_what_is_listed() => Assert.That(
        Names("nupkg"),
        Is.EqualTo(File.ReadAllLines(Repository.PathOf("tests/Package/Content.verified.txt"))));

    [Test]
    public void Symbols_are_beside_it() => Assert.That(
        Names("snupkg"),
        Is.EqualTo(new[] { "Snapshots.Runtime.nuspec", "lib/net10.0/Snapshots.Runtime.pdb" }));

    [Test]
    public void It_needs_nothing_that_only_its_own_build_needs()
    {
        var nuspec = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Read("nupkg", "Snapshots.Runtime.nuspec")).TrimStart('\uFEFF'));

        var dependencies = nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);

        Assert.That(dependencies, Is.EquivalentTo(new[] { "Google.Protobuf", "Grpc.AspNetCore.Server", "System.CommandLine" }));
    }

    [TestCase("nupkg", "Snapshots.Runtime.nuspec")]
    [TestCase("nupkg", "lib/net10.0/Snapshots.Runtime.xml")]
    [TestCase("nupkg", "buildTransitive/Snapshots.Runtime.targets")]
    public void No_text_names_the_machine(string package, string file)
    {
        var text = System.Text.Encoding.UTF8.GetString(Read(package, file));

        Assert.That(text, Does.Not.Contain(Repository.PathOf("")).And.Not.Contain(PackedPackage.Box));
    }

    [TestCase("lib/net10.0/Snapshots.Runtime.dll")]
    [TestCase("analyzers/dotnet/cs/Snapshots.Generator.dll")]
    [TestCase("analyzers/dotnet/cs/Snapshots.Generator.CodeFixes.dll")]
    public void No_assembly_names_the_machine(string file)
    {
        using var assembly = new PEReader(new MemoryStream(Read("nupkg", file)));

        var symbols = assembly.ReadDebugDirectory()
            .Where(entry => entry.Type == DebugDirectoryEntryType.CodeView)
            .Select(entry => assembly.ReadCodeViewDebugDirectoryData(entry).Path);

        Assert.That(symbols, Has.All.StartsWith("/_/"));
    }

    [Test]
    public void No_symbols_name_the_machine()
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read("snupkg", "lib/net10.0/Snapshots.Runtime.pdb")));
        var symbols = provider.GetMetadataReader();

        var documents = symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name)).ToList();

        Assert.That(documents, Has.Count.GreaterThan(10).And.All.StartsWith("/_/"));
    }

    private static string[] Names(string extension) => Nupkg.Names(PackedPackage.FileName(extension));

    private static byte[] Read(string extension, string file) => Nupkg.Read(PackedPackage.FileName(extension), file);
}
