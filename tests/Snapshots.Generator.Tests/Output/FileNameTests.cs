using System.Text;
using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>A project can write emitted files to disk, so each name is a valid file name.</summary>
internal sealed class FileNameTests
{
    private const int MaximumBytes = 255;

    [Test]
    public void Names_that_differ_by_case_in_another_culture_or_look_alike() => AssertApart(
        ["Iıİi", "ıIiİ", "iIıİ", "K", "\\u212A", "k", "é", "e\\u0301", "É", "ſ", "S", "s", "ß", "ẞ", "ss", "Å", "\\u212B", "ﬁ", "fi", "Ⅷ", "ⅷ"]);

    [TestCase("x")]
    [TestCase("ß")]
    [TestCase("語")]
    public void Names_that_are_too_long_for_a_file(string letter) =>
        AssertApart([.. Enumerable.Range(200, 60).Select(length => string.Concat(Enumerable.Repeat(letter, length)))]);

    [Test]
    public void Names_in_namespaces_that_are_too_long_for_a_file() => AssertApart(
        ["A", "B", "語", $"{new string('x', 77)}Example", $"{new string('x', 78)}Example"],
        string.Join('.', Enumerable.Repeat("Namespace", 50)));

    [Test]
    public void Five_hundred_classes() => AssertApart([.. Enumerable.Range(1, 500).Select(number => $"Example{number}")]);

    private static void AssertApart(string[] names, string @namespace = "Samples")
    {
        var classes = names.Select(name => $$"""
            [Snapshotter]
            internal partial class @{{name}}
            {
                public void Remove(string key) { }
            }

            """);

        var run = Shape.AssertCompiles(new Project($"namespace {@namespace};\n{string.Concat(classes)}"), names.Length);

        Assert.That(run.Emitted.Select(each => each.HintName).Distinct(StringComparer.InvariantCultureIgnoreCase), Has.Exactly(names.Length).Items);
        Assert.That(run.Emitted.Max(each => Encoding.UTF8.GetByteCount(each.HintName)), Is.LessThanOrEqualTo(MaximumBytes));
    }
}
