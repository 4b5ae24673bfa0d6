using System.Collections.Immutable;
using Containerd.Snapshots.Benchmarks.Generator.Projects;
using Containerd.Snapshots.Generator;
using Containerd.Snapshots.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Benchmarks.Generator;

/// <summary>
/// A project right after an edit. Each method works on a copy of the compilation that shares only its syntax trees, as
/// after a keystroke: the compiler then has no symbols of the project.
/// </summary>
internal sealed class EditedProject
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(SnapshotterAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private readonly GeneratorDriver _before;
    private readonly CSharpCompilation _edited;
    private readonly CSharpCompilation _withEmitted;
    private readonly SyntaxTree? _file;

    public EditedProject(int snapshotters, Edit edit, bool tracksSteps = false)
    {
        var project = UserProject.WithSnapshotters(snapshotters);
        var driver = NewDriver(tracksSteps);
        (_before, _edited, _file) = project.Change(edit) is var (before, after)
            ? (driver.RunGenerators(project), project.ReplaceSyntaxTree(before, after), after)
            : (driver, project, null);

        Generate().RunGeneratorsAndUpdateCompilation(_edited, out var withEmitted, out _);
        _withEmitted = (CSharpCompilation)withEmitted;

        var said = Compile().Concat(Analyze()).Where(each => each.Severity >= DiagnosticSeverity.Warning).ToList();
        if (said.Count > 0)
            throw new InvalidOperationException($"The project does not compile: {said[0]}");
    }

    /// <summary>Runs the generator for the edit, or for the whole project if there was none.</summary>
    public GeneratorDriver Generate() => _before.RunGenerators(_edited.Clone());

    /// <summary>Counts the work of the generator that is not cached.</summary>
    public (int ModelsRead, int ClassesEmitted) Count()
    {
        var result = Generate().GetRunResult().Results.Single();
        return (Done(result.TrackedSteps[SnapshotterGenerator.Snapshotters]), Done(result.TrackedOutputSteps.Values.SelectMany(each => each)));

        static int Done(IEnumerable<IncrementalGeneratorRunStep> steps) =>
            steps.SelectMany(step => step.Outputs).Count(output => output.Reason != IncrementalStepRunReason.Cached);
    }

    /// <summary>Runs the analyzers on the edited file, as an editor does, or on the project, as a build does.</summary>
    public ImmutableArray<Diagnostic> Analyze()
    {
        var compilation = _withEmitted.Clone();
        var analysis = compilation.WithAnalyzers(Analyzers);
        var diagnostics = _file is null
            ? analysis.GetAnalyzerDiagnosticsAsync()
            : analysis.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(_file), filterSpan: null, CancellationToken.None);

        return diagnostics.GetAwaiter().GetResult();
    }

    /// <summary>For comparison, the compiler's own diagnostics of the same file, or of the project.</summary>
    public ImmutableArray<Diagnostic> Compile()
    {
        var compilation = _withEmitted.Clone();
        return _file is null ? compilation.GetDiagnostics() : compilation.GetSemanticModel(_file).GetDiagnostics();
    }

    private static CSharpGeneratorDriver NewDriver(bool tracksSteps) => CSharpGeneratorDriver.Create(
        [new SnapshotterGenerator().AsSourceGenerator()],
        parseOptions: UserProject.ParseOptions,
        driverOptions: new(IncrementalGeneratorOutputKind.None, tracksSteps));
}
