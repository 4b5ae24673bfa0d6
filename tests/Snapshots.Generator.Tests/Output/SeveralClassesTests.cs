using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Each class has a file of its own, whatever the names are.</summary>
internal sealed class SeveralClassesTests
{
    [Test]
    public void Names_that_differ_only_by_case_arity_nesting_or_namespace() => Shape.AssertApproved(new Project("""
        namespace Samples
        {
            [Snapshotter]
            internal partial class Aa
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class AA
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class AA<T>
            {
                public void Remove(string key) { }
            }
        }

        namespace Samples.Other
        {
            [Snapshotter]
            internal partial class Aa
            {
                public void Remove(string key) { }
            }
        }

        namespace Other
        {
            internal partial class Samples
            {
                [Snapshotter]
                internal partial class Aa
                {
                    public void Remove(string key) { }
                }
            }

            internal partial class Samples<T>
            {
                [Snapshotter]
                internal partial class Aa
                {
                    public void Remove(string key) { }
                }
            }
        }
        """));

    [Test]
    public void The_attribute_on_two_parts_is_reported_only_by_the_compiler()
    {
        var run = TwoParts();

        Assert.That(run.All.Select(each => each.Id), Is.EqualTo(["CS0579"]));
    }

    [Test]
    public void The_attribute_on_two_parts_emits_once()
    {
        var run = TwoParts();

        Assert.That(run.Emitted, Has.Length.EqualTo(1));
    }

    [TestCase("struct")]
    [TestCase("record struct")]
    [TestCase("interface")]
    public void The_attribute_on_another_type_is_reported_only_by_the_compiler(string keyword)
    {
        var run = new Project($$"""
            [Snapshotter]
            internal partial {{keyword}} Example
            {
                internal void Remove(string key) { }
            }
            """.Replace("{ }", keyword == "interface" ? ";" : "{ }")).Generate();

        Assert.That(run.All.Select(each => each.Id), Is.EqualTo(["CS0592"]));
    }

    private static Run TwoParts() => new Project(
        """
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """,
        """
        [Snapshotter]
        internal partial class Example
        {
            public void Cleanup() { }
        }
        """).Generate();
}
