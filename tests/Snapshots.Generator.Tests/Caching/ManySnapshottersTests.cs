using Containerd.Snapshots.Generator;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Caching;

/// <summary>What an edit recomputes in a project with 200 snapshotters.</summary>
internal sealed class ManySnapshottersTests
{
    private const int Count = 200;

    private static readonly CSharpCompilation Before = new Project(
        [
            .. Enumerable.Range(0, Count).Select(number => $$"""
                [Snapshotter]
                internal partial class Example{{number}}
                {
                    public SnapshotInfo? Stat(string key) => null;
                    public void Remove(string key) { }
                }
                """),
            "internal class Unrelated { public int Number => 1; }",
        ]).Compile();

    private static readonly GeneratorDriver Driver = Run.NewDriver(new()).RunGenerators(Before);

    [TestCase(Count, "Number => 1", "Number => 2")]
    [TestCase(Count, "int Number", "string? Name => null; public int Number", Description = "A signature, elsewhere.")]
    [TestCase(Count / 2, "=> null", "=> throw SnapshotterException.NotFound(key)")]
    public void An_edit_that_changes_no_shape_emits_nothing_again(int file, string old, string @new) =>
        Assert.That(EmittedAgain(file, old, @new), Is.Empty);

    [TestCase("Remove(string key)", "Remove(string key, CancellationToken cancellationToken)")]
    [TestCase("public void Remove", "public void Cleanup() { }\n    public void Remove")]
    public void Only_the_class_whose_shape_changed_is_emitted_again(string old, string @new) =>
        Assert.That(EmittedAgain(Count / 2, old, @new), Is.EqualTo([$"Example{Count / 2}"]));

    /// <summary>The classes for which the emitting step ran, whatever its result.</summary>
    private static IEnumerable<string> EmittedAgain(int file, string old, string @new)
    {
        var tree = Before.SyntaxTrees[file];
        Assert.That(tree.ToString(), Does.Contain(old));
        var edited = Before.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(tree.ToString().Replace(old, @new), (CSharpParseOptions)tree.Options, tree.FilePath));

        var result = Driver.RunGenerators(edited).GetRunResult().Results.Single();
        var emitted = result.TrackedOutputSteps.Values.SelectMany(each => each).ToList();
        Assert.That(emitted, Has.Count.EqualTo(Count));
        Assert.That(result.TrackedSteps[SnapshotterGenerator.Snapshotters], Has.Length.EqualTo(Count));

        return emitted.Zip(result.GeneratedSources)
            .Where(each => each.First.Outputs.Any(output => output.Reason != IncrementalStepRunReason.Cached))
            .Select(each => each.Second.HintName.Split('.')[0]);
    }
}
