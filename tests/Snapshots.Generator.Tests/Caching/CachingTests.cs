using System.Collections.Immutable;
using Containerd.Snapshots.Generator;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Caching;

/// <summary>What an edit recomputes.</summary>
internal sealed class CachingTests
{
    private static readonly Project Before = new(
        """
        // The first.
        [Snapshotter]
        internal partial class First
        {
            public SnapshotInfo? Stat(string key) => null;
            public void Remove(string key) { }
        }
        """,
        """
        [Snapshotter]
        internal partial class Second
        {
            public void Cleanup() { }
        }
        """,
        """
        internal class Unrelated
        {
            public int Number => 1;
        }
        """);

    [Test]
    public void An_edit_of_another_file_recomputes_nothing() => AssertNothingChanges(Edit(2, "Number => 1", "Letter => 'a'"));

    [Test]
    public void An_edit_of_a_body_recomputes_nothing() => AssertNothingChanges(Edit(0, "=> null", "=> throw SnapshotterException.NotFound(key)"));

    [Test]
    public void A_comment_recomputes_nothing() => AssertNothingChanges(Edit(0, "// The first.", "// The first.\n// And a second line, which moves the rest."));

    [Test]
    public void A_method_that_is_no_call_recomputes_nothing() => AssertNothingChanges(Edit(0, "public void Remove", "public void Touch() { }\n    public void Remove"));

    [Test]
    public void An_edit_of_a_signature_modifies_only_that_class()
    {
        var after = Edit(0, "Remove(string key)", "Remove(string key, CancellationToken cancellationToken)");

        Assert.That(Reasons(after).Outputs, Is.EqualTo([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached]));
    }

    [Test]
    public void A_new_class_changes_no_other()
    {
        var after = Edit(2, "internal class Unrelated", "[Snapshotter] internal partial class Unrelated { public void Cleanup() { } }\ninternal class Other");

        Assert.That(Reasons(after).Outputs, Is.EqualTo([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached, IncrementalStepRunReason.New]));
    }

    private static Project Edit(int file, string old, string @new)
    {
        Assert.That(Before.Sources[file], Does.Contain(old));
        return Before with { Sources = Before.Sources.SetItem(file, Before.Sources[file].Replace(old, @new)) };
    }

    private static void AssertNothingChanges(Project after)
    {
        var (steps, outputs) = Reasons(after);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps, Is.Not.Empty.And.All.EqualTo(IncrementalStepRunReason.Unchanged).Or.All.EqualTo(IncrementalStepRunReason.Cached));
            Assert.That(outputs, Is.EqualTo([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached]));
        }
    }

    private static (List<IncrementalStepRunReason> Steps, List<IncrementalStepRunReason> Outputs) Reasons(Project after)
    {
        var before = Before.Compile();
        var driver = Run.NewDriver(Before).RunGenerators(before);

        var edited = before;
        foreach (var (tree, source, number) in before.SyntaxTrees.Zip(after.Sources, Enumerable.Range(0, after.Sources.Length)))
        {
            if (source != Before.Sources[number])
                edited = edited.ReplaceSyntaxTree(tree, after.Parse(source, number));
        }

        var result = driver.RunGenerators(edited).GetRunResult().Results.Single();
        return (Of(result.TrackedSteps[SnapshotterGenerator.Snapshotters]), Of(result.TrackedOutputSteps.Values.SelectMany(each => each)));
    }

    private static List<IncrementalStepRunReason> Of(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        [.. steps.SelectMany(step => step.Outputs).Select(output => output.Reason)];
}
