using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Caching;

/// <summary>The output depends on the sources alone.</summary>
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
    public void The_same_again()
    {
        var (first, second) = (Output(Sources), Output(Sources));

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void In_any_order_of_files() => Assert.That(Output([.. Sources.Reverse()]), Is.EqualTo(Output(Sources)));

    [Test]
    public void With_any_line_ends() =>
        Assert.That(Output([.. Sources.Select(source => source.Replace(" { ", "\r\n{\r\n"))]), Is.EqualTo(Output(Sources)));

    [Test]
    public void Lines_end_in_a_line_feed_alone() => Assert.That(Output(Sources).Values, Has.None.Contain("\r").And.All.EndsWith("}\n"));

    [Test]
    public void No_line_ends_in_a_space() => Assert.That(Output(Sources).Values, Has.None.Contain(" \n"));

    private static Dictionary<string, string> Output(ImmutableArray<string> sources) =>
        new Project(sources).Generate().Emitted.ToDictionary(each => each.HintName, each => each.SourceText.ToString());
}
