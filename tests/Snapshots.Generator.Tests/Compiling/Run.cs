using System.Collections.Immutable;
using System.Reflection;
using Containerd.Snapshots.Generator;
using Containerd.Snapshots.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>A compiled project: the output of the generator, and the diagnostics of compiler and analyzers.</summary>
internal sealed record Run(CSharpCompilation Compilation, ImmutableArray<GeneratedSourceResult> Emitted, ImmutableArray<Diagnostic> OfGenerator)
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
    [
        .. typeof(SnapshotterAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static Run Of(Project project)
    {
        var driver = NewDriver(project).RunGeneratorsAndUpdateCompilation(project.Compile(), out var compilation, out var diagnostics);
        return new((CSharpCompilation)compilation, driver.GetRunResult().Results.Single().GeneratedSources, diagnostics);
    }

    public static GeneratorDriver NewDriver(Project project) => CSharpGeneratorDriver.Create(
        [new SnapshotterGenerator().AsSourceGenerator()],
        parseOptions: project.ParseOptions,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The diagnostics of the compiler, with those of declarations, which GetDiagnostics alone may leave out.</summary>
    public ImmutableArray<Diagnostic> OfCompiler =>
    [
        .. Compilation.GetDeclarationDiagnostics().Concat(Compilation.GetDiagnostics()).Where(each => each.Severity != DiagnosticSeverity.Hidden).Distinct(),
    ];

    /// <summary>The diagnostics of the analyzers, without suppressed ones.</summary>
    public ImmutableArray<Diagnostic> OfAnalyzers { get; } =
        Compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();

    public ImmutableArray<Diagnostic> All => [.. OfGenerator, .. OfCompiler, .. OfAnalyzers];

    public bool IsEmitted(Diagnostic diagnostic) => Emitted.Any(each => each.SyntaxTree == diagnostic.Location.SourceTree);

    /// <summary>The project as an assembly that other projects can reference.</summary>
    public MetadataReference ToReference() => Compilation.ToMetadataReference();

    /// <summary>The project as an assembly that is loaded here.</summary>
    public Assembly Load()
    {
        using var stream = new MemoryStream();
        var result = Compilation.Emit(stream);
        Assert.That(result.Success, result.Diagnostics.FirstOrDefault()?.ToString());
        return Assembly.Load(stream.ToArray());
    }
}
