using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

/// <summary>A user's project, open in an editor.</summary>
internal static class Workspace
{
    /// <summary>Opens a project, each source a document in this order.</summary>
    public static Microsoft.CodeAnalysis.Project Open(Compiling.Project project, bool globalUsings = true)
    {
        var compilation = project.Compile();
        var opened = new AdhocWorkspace().AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, project.Name, project.Name, LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: project.ParseOptions,
            metadataReferences: compilation.References,
            analyzerReferences: [GeneratorReference.Instance]));

        var trees = globalUsings ? compilation.SyntaxTrees : compilation.SyntaxTrees.SkipLast(1);
        return trees.Aggregate(opened, (each, tree) => each.AddDocument(tree.FilePath, tree.GetText(), filePath: tree.FilePath).Project);
    }

    /// <summary>The diagnostics of the analyzers, in the order of the text.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Microsoft.CodeAnalysis.Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var diagnostics = await compilation.WithAnalyzers(Run.Analyzers).GetAnalyzerDiagnosticsAsync();
        return [.. diagnostics.OrderBy(each => each.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(each => each.Location.SourceSpan)];
    }

    /// <summary>The diagnostics of compiler and analyzers.</summary>
    public static async Task<ImmutableArray<Diagnostic>> CheckAsync(Microsoft.CodeAnalysis.Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var ofCompiler = compilation.GetDiagnostics().Where(each => each.Severity != DiagnosticSeverity.Hidden);
        return [.. ofCompiler, .. await AnalyzeAsync(project)];
    }
}
