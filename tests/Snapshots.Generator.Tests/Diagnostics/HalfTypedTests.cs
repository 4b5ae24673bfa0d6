using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Half-typed code, which an editor shows most of the time.</summary>
internal sealed class HalfTypedTests
{
    private const int Count = 60;

    private static readonly string[] Sources = [Resource.Read("HelloSnapshotter.cs"), .. Rules.All.Select(rule => new RulePage(rule.Id).BadExample.Sources[0])];

    /// <summary>One project that is edited again and again, as in an editor.</summary>
    [Test]
    public async Task Half_typed_code_causes_no_crash_and_no_error_in_emitted_code()
    {
        var project = new Project("");
        var compilation = project.Compile();
        var driver = Run.NewDriver(project);

        foreach (var source in HalfTyped.Of(Sources, Count))
        {
            compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], project.Parse(source, 0));
            driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var emitted, out var crashes);

            Assert.That(crashes, Is.Empty, source);
            Assert.That(await CrashesOfAnalyzersAsync(emitted), Is.Empty, source);
            Assert.That(emitted.SyntaxTrees.Except(compilation.SyntaxTrees).SelectMany(tree => emitted.GetSemanticModel(tree).GetDiagnostics()), Is.Empty, source);
        }
    }

    private static async Task<ImmutableArray<Exception>> CrashesOfAnalyzersAsync(Compilation compilation)
    {
        var crashes = ImmutableArray<Exception>.Empty;
        var options = new CompilationWithAnalyzersOptions(
            new([]), (exception, _, _) => ImmutableInterlocked.Update(ref crashes, all => all.Add(exception)), concurrentAnalysis: true, logAnalyzerExecutionTime: false);

        await compilation.WithAnalyzers(Run.Analyzers, options).GetAnalyzerDiagnosticsAsync();
        return crashes;
    }
}
