using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>What is wrong with the types around a class.</summary>
internal sealed class ContainerTests
{
    [Test]
    public void In_a_file_local_type() => Flaws.AssertAreWithoutHost("""
        file partial class [|Outer|]
        {
            internal partial class Middle
            {
                [Snapshotter]
                internal partial class Example
                {
                    public void Remove(string key) { }
                }
            }
        }
        """, "SNAP0003");

    [TestCase("class")]
    [TestCase("struct")]
    [TestCase("record")]
    [TestCase("readonly record struct")]
    [TestCase("interface")]
    public void In_a_type_that_is_not_partial(string keyword) => Flaws.AssertAreWithoutHost($$"""
        internal static partial class Outer
        {
            internal {{keyword}} [|Middle|]
            {
                internal partial class Inner
                {
                    [Snapshotter]
                    internal partial class Example
                    {
                        public void Remove(string key) { }
                    }
                }
            }
        }
        """, "SNAP0005");

    [Test]
    public void Several_in_a_type_that_is_not_partial() => Flaws.AssertAreWithoutHost("""
        internal class [|Outer|]
        {
            internal class NotMarked
            {
            }

            [Snapshotter]
            internal class [|NotPartial|]
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class First
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class Second
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class Empty
            {
            }
        }
        """, "SNAP0005", "SNAP0004");

    [Test]
    public void Of_several_inside_each_other_the_outermost_is_named()
    {
        var run = new Project("""
            internal class Outer
            {
                [Snapshotter]
                internal partial class First
                {
                    public void Remove(string key) { }

                    [Snapshotter]
                    internal partial class Second
                    {
                        public void Remove(string key) { }
                    }
                }
            }
            """).Generate();

        Assert.That(run.OfAnalyzers.Select(each => each.GetMessage(null)), Is.EqualTo(["'Outer' contains the snapshotter 'First' but is not partial: write 'partial' before 'class'"]));
    }

    [Test]
    public void Hosted_from_a_type_that_is_not_partial() => Flaws.AssertAre("""
        internal class [|Outer|]
        {
            [Snapshotter]
            internal partial class Nested
            {
                public void Remove(string key) { }
            }

            public static void Add(IServiceCollection services) => services.AddSnapshotter<Nested>();
        }

        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """, "SNAP0005");
}
