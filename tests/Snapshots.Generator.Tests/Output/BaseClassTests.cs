using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>What a class can derive from, and how.</summary>
internal sealed class BaseClassTests
{
    [Test]
    public void Covariant_returns_and_members_that_are_new() => Shape.AssertCompiles(
        new Project("""
            internal abstract class Base
            {
                public virtual IEnumerable<Mount> Mounts(string key) => [];
                public abstract object? Stat(string key);
                public virtual void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class Middle : Base
            {
                public override List<Mount> Mounts(string key) => [];
                public override SnapshotInfo? Stat(string key) => null;
                public new virtual Task<SnapshotResult> Remove(string key) => throw new NotSupportedException();
            }

            [Snapshotter]
            internal partial class Last : Middle
            {
                public sealed override SnapshotInfo Stat(string key) => throw new NotSupportedException();
                public new void Remove(string key) { }
            }
            """),
        classes: 2);

    [Test]
    public void From_a_base_of_any_type_argument_beside_helpers() => Shape.AssertCompiles(
        new Project("""
            internal class Base<T>
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class OfTuple : Base<(int First, string? Second)>
            {
                private new void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class OfDynamic : Base<List<dynamic?>>
            {
                private new void Remove(string key) { }
            }

            internal partial class Outer<T>
            {
                private class Inner : Base<Inner>
                {
                    [Snapshotter]
                    internal partial class Deepest { public void Remove(string key) { } }
                }

                [Snapshotter]
                private partial class OfPrivate : Inner
                {
                    private new void Remove(string key) { }
                }
            }
            """.Replace("private class Inner", "private partial class Inner")),
        classes: 4);

    [Test]
    public void From_generic_classes_that_are_marked_too() => Shape.AssertCompiles(
        new Project("""
            [Snapshotter]
            internal partial class Base<T>
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class Middle<T> : Base<T>
            {
                public void Cleanup() { }
            }

            [Snapshotter]
            internal partial class Last : Middle<Middle<int>>
            {
            }
            """),
        classes: 3);

    [Test]
    public void From_an_assembly_under_an_alias()
    {
        var library = new Project("public class Base { public void Remove(string key) { } }") { Name = "Library" };

        Shape.AssertCompiles(new Project("""
            extern alias library;

            [Snapshotter]
            internal partial class Example : library::Base
            {
            }
            """) { MoreReferences = [library.Generate().ToReference().WithAliases(["library"])] });
    }

    [Test]
    public void Internal_ones_of_a_friend()
    {
        var library = new Project("""
            [assembly: InternalsVisibleTo("User")]

            internal class Base
            {
                public void Remove(string key) { }
                internal void Cleanup() { }
            }
            """) { Name = "Library" };

        Shape.AssertCompiles(new Project("""
            [Snapshotter]
            internal partial class Example : Base
            {
                private new void Remove(string key) { }
            }
            """) { MoreReferences = [library.Generate().ToReference()] });
    }
}
