using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Calls that a class inherits.</summary>
internal sealed class InheritanceTests
{
    [Test]
    public void From_classes_in_the_project() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        internal abstract class Base
        {
            public virtual void Remove(string key) { }
            public abstract void Commit(string name, string key);
            public SnapshotInfo? Stat(string key) => null;
        }

        internal abstract class Generic<T> : Base
        {
            public T? Mounts(string key) => default;
            public abstract Task<T> PrepareAsync(string key);
        }

        [Snapshotter]
        internal partial class Example : Generic<Mount[]>
        {
            public override void Commit(string name, string key) { }
            public override Task<Mount[]> PrepareAsync(string key) => throw new NotImplementedException();
            public new SnapshotInfo Stat(string key) => throw new NotImplementedException();
            public SnapshotInfo[] Walk() => Array.Empty<SnapshotInfo>();
        }
        """));

    [Test]
    public void From_another_assembly()
    {
        var library = new Project("""
            #nullable disable
            namespace Library;

            public class Base
            {
                public SnapshotInfo Stat(string key) => null;
                public void Remove(string key) { }
                internal void Cleanup() { }
            }
            """) { Name = "Library" };

        Shape.AssertApprovedCalls(new Project("""
            namespace Samples;

            [Snapshotter]
            internal partial class Example : Library.Base
            {
            }
            """) { MoreReferences = [library.Generate().ToReference()] });
    }

    [Test]
    public void From_a_class_that_is_marked_too() => Shape.AssertApproved(new Project("""
        namespace Samples;

        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }

            [Snapshotter]
            internal partial class Nested : Example
            {
                public void Cleanup() { }
            }
        }
        """));

    [Test]
    public void Beside_helpers_of_the_same_name() => Shape.AssertApprovedCalls(new Project("""
        namespace @namespace;

        internal class Base<T>
        {
            public T? Mounts(string key) => default;
            public void Remove(string key) { }
            public void Commit(string name, string key) { }
            public void Cleanup() { }
            public SnapshotUsage? Usage(string key) => null;
        }

        [Snapshotter]
        internal partial class Example : Base<Mount[]>
        {
            private new bool Remove(string key) => true;
            private static int Commit(object name) => 1;
            internal static new void Cleanup() { }
            private new int Mounts { get; set; }
            private int Usage<T>(T key) => 1;
        }
        """));

    [Test]
    public void From_a_base_that_has_a_type_of_the_name_of_the_class() => Shape.AssertApproved(new Project("""
        namespace Samples;

        internal class Base
        {
            internal class Example { }
            internal class OtherGrpcService { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Other : Base
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void A_public_member_of_another_kind_hides_the_call_below() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        internal class Base
        {
            public void Remove(string key) { }
            public void Cleanup() { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public new int Remove => 1;
        }
        """));

    [Test]
    public void An_overload_of_an_overridden_call_is_not_one_more() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        internal class Base
        {
            public virtual void Remove(string key) { }
            public virtual void Remove(string key, CancellationToken cancellationToken) { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public override void Remove(string key, CancellationToken cancellationToken) { }
        }
        """));
}
