using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Generator.Compiling;

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

    private static Dictionary<string, string> Output(ImmutableArray<string> sources) =>
        new Project(sources).Generate().Emitted.ToDictionary(each => each.HintName, each => each.SourceText.ToString());
}
