using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Containerd.Snapshots.Tests.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Caching;

/// <summary>The output depends only on the sources.</summary>
internal sealed class DeterminismTests
{
    private static readonly ImmutableArray<string> Sources =
    [
        "[Snapshotter] internal partial class Aa { public void Remove(string key) { } }",
        "[Snapshotter] internal partial class AA { public void Cleanup() { } }",
        "internal partial class AA { public SnapshotInfo? StatAsync(string key) => null; public void Remove(string key) { } }",
        "internal partial class Outer<T> { [Snapshotter] internal partial class Inner { public void Remove(string key) { } } }",
    ];

    private static readonly string[] Edited =
    [
        .. Sources,
        Resource.Read("HelloSnapshotter.cs"),
        "internal class Base { public SnapshotInfo[] Walk() => []; } [Snapshotter] internal partial class Derived : Base { public void Cleanup() { } }",
        "internal class Part { public void Remove(string key) { } } [Snapshotter] internal partial class Whole { [SnapshotterFallback] private readonly Part _part = new(); }",
    ];

    [Test]
    public void Same_sources_give_the_same_output()
    {
        var (first, second) = (Output(Sources), Output(Sources));

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void The_order_of_files_does_not_matter() => Assert.That(Output([.. Sources.Reverse()]), Is.EqualTo(Output(Sources)));

    [Test]
    public void Line_endings_do_not_matter() =>
        Assert.That(Output([.. Sources.Select(source => source.Replace(" { ", "\r\n{\r\n"))]), Is.EqualTo(Output(Sources)));

    [Test]
    public void Lines_end_in_a_line_feed() => Assert.That(Output(Sources).Values, Has.None.Contain("\r").And.All.EndsWith("}\n"));

    [Test]
    public void No_line_ends_in_a_space() => Assert.That(Output(Sources).Values, Has.None.Contain(" \n"));

    /// <summary>An editor keeps what an earlier run read, and runs again after each edit of a file.</summary>
    [Test]
    public void After_each_of_1000_edits_the_output_is_that_of_a_run_from_scratch()
    {
        var project = new Project([.. Edited]);
        var compilation = project.Compile();
        var driver = Run.NewDriver(project);

        foreach (var (number, source) in HalfTyped.Of(Edited, 1000).Index())
        {
            var file = number % Edited.Length;
            compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[file], project.Parse(source, file));
            driver = driver.RunGenerators(compilation);

            Assert.That(Output(driver), Is.EqualTo(Output(Run.NewDriver(project).RunGenerators(compilation))), source);
        }
    }

    private static IEnumerable<(string File, string Text)> Output(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().GeneratedSources.Select(each => (each.HintName, each.SourceText.ToString()));

    private static Dictionary<string, string> Output(ImmutableArray<string> sources) =>
        new Project(sources).Generate().Emitted.ToDictionary(each => each.HintName, each => each.SourceText.ToString());
}
