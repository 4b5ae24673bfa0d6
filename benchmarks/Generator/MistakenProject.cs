using System.Reflection;
using Containerd.Snapshots.Benchmarks.Generator.Projects;
using Containerd.Snapshots.Generator;
using Containerd.Snapshots.Generator.Analyzers;
using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Benchmarks.Generator;

/// <summary>A project of a thousand files with a mistake, open in an editor that has compiled it.</summary>
internal sealed class MistakenProject
{
    private const int Snapshotters = 20;

    private readonly Document _document;
    private readonly Diagnostic _diagnostic;
    private readonly CodeFixProvider _provider;

    public MistakenProject(Mistake mistake)
    {
        var (old, @new, id) = Text(mistake);
        var sources = UserProject.WithSnapshotters(Snapshotters);
        var project = new AdhocWorkspace().AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "User", "User", LanguageNames.CSharp,
            compilationOptions: sources.Options, parseOptions: UserProject.ParseOptions, metadataReferences: sources.References,
            analyzerReferences: [new AnalyzerFileReference(typeof(SnapshotterGenerator).Assembly.Location, new Loader())]));

        var isMade = false;
        foreach (var tree in sources.SyntaxTrees)
        {
            var text = tree.ToString();
            var mistaken = isMade ? text : text.Replace(old, @new);
            isMade |= mistaken != text;
            project = project.AddDocument(tree.FilePath, mistaken, filePath: tree.FilePath).Project;
        }

        _diagnostic = DiagnosticsAsync(project).GetAwaiter().GetResult().First(each => each.Id == id);
        _document = project.GetDocument(_diagnostic.Location.SourceTree)!;
        _provider = Providers().First(each => each.FixableDiagnosticIds.Contains(id));
        if (Offer() == 0)
            throw new InvalidOperationException($"No fix is offered for {mistake}");
    }

    /// <summary>Counts the fixes that are offered.</summary>
    public int Offer()
    {
        var actions = new List<CodeAction>();
        _provider.RegisterCodeFixesAsync(new(_document, _diagnostic, (action, _) => actions.Add(action), CancellationToken.None)).GetAwaiter().GetResult();
        return actions.Count;
    }

    private static (string Old, string New, string Rule) Text(Mistake mistake) => mistake switch
    {
        Mistake.Parameter => ("void Remove(string key)", "void Remove(string key, int count)", "SNAP0022"),
        Mistake.ParameterName => ("SnapshotInfo? Stat(string key)", "SnapshotInfo? Stat(string id) => Find(id).Info;\n    internal SnapshotInfo? Other(string key)", "SNAP0022"),
        Mistake.Name => ("void Remove(string key)", "void Delete(string key)", "SNAP0040"),
        Mistake.Modifier => ("public void Remove(string key)", "internal void Remove(string key)", "SNAP0011"),
        _ => ("public void Cleanup()", "public async Task CleanupAsync() { await Task.Delay(1); Clean(); }\n    private void Clean()", "SNAP0055"),
    };

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(Project project) =>
        await (await project.GetCompilationAsync())!.WithAnalyzers([new SnapshotterAnalyzer(), new MissingCancellationTokenAnalyzer()]).GetAnalyzerDiagnosticsAsync();

    private static IEnumerable<CodeFixProvider> Providers() => typeof(MakePartialFixProvider).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
        .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!);

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => typeof(SnapshotterGenerator).Assembly;
    }
}
