using System.Xml.Linq;
using Containerd.Snapshots.Tests.Processes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Tests.Architecture;

/// <summary>The sources of a project, compiled in memory so that each name leads to the file of its type.</summary>
internal sealed class ProjectSources
{
    private const string Root = "(the project's own folder)";

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly string _folder;
    private readonly XDocument _project;
    private readonly CSharpCompilation _compilation;

    private ProjectSources(string name)
    {
        _folder = Repository.PathOf($"src/{name}");
        _project = XDocument.Load(Path.Combine(_folder, $"{name}.csproj"));
        _compilation = CSharpCompilation.Create(
            name,
            [.. Files().Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)), CSharpSyntaxTree.ParseText(GlobalUsings)],
            References(name),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    public static ProjectSources Of(string name) => new(name);

    public IEnumerable<string> ReferencedProjects() => _project.Descendants("ProjectReference")
        .Select(reference => reference.Attribute("Include")!.Value)
        .Where(path => !path.StartsWith("@(", StringComparison.Ordinal))
        .Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>Which folder uses which other one, with an example for each pair. Documentation does not count.</summary>
    public IReadOnlyCollection<Use> Uses() =>
    [
        .. _compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).SelectMany(UsesIn)
            .Where(use => use.From != use.To)
            .DistinctBy(use => (use.From, use.To)),
    ];

    private IEnumerable<Use> UsesIn(SyntaxTree tree)
    {
        var model = _compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name) is var info ? info.Symbol ?? info.CandidateSymbols.FirstOrDefault() : null;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            foreach (var declared in type?.OriginalDefinition.DeclaringSyntaxReferences ?? [])
                yield return new(FolderOf(tree.FilePath), FolderOf(declared.SyntaxTree.FilePath), $"{Path.GetRelativePath(_folder, tree.FilePath)} uses {type!.Name}");
        }
    }

    private IEnumerable<string> Files() => Directory.GetFiles(_folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(_folder, file).StartsWith("obj", StringComparison.Ordinal) && !Path.GetRelativePath(_folder, file).StartsWith("bin", StringComparison.Ordinal))
        .Concat(LinkedFiles());

    private IEnumerable<string> LinkedFiles() => _project.Descendants("Compile")
        .Select(compile => compile.Attribute("Include")?.Value)
        .OfType<string>()
        .SelectMany(include => include.Split(';'))
        .Where(include => include.StartsWith("../", StringComparison.Ordinal))
        .SelectMany(include => Directory.GetFiles(Path.GetFullPath(Path.Combine(_folder, Path.GetDirectoryName(include)!)), Path.GetFileName(include)));

    private string FolderOf(string file) => Path.GetDirectoryName(Path.GetRelativePath(_folder, file)) is { Length: > 0 } folder ? folder : Root;

    // All that the tests run on, but for the project itself.
    private static IEnumerable<PortableExecutableReference> References(string project) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != project)
            .Select(path => MetadataReference.CreateFromFile(path));
}
