using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>What a class can have besides calls, and calls can be.</summary>
internal sealed class MemberTests
{
    [Test]
    public void Helpers_that_are_not_public_are_ordinary() => Shape.Verify(new Project("""
        namespace Samples;

        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) => Remove(key, false);

            public void Commit(string name) => Commit(name, name);

            internal static void Remove(string key, bool force) { }

            protected void Commit(string name, string key, int attempt = 0) { }

            private void Commit(in object name) { }

            private void Remove<T>(T key) { }
        }
        """));

    [Test]
    public void Members_of_other_kinds_are_ordinary() => Shape.Verify(new Project("""
        namespace Samples;

        internal interface IRemover
        {
            void Remove(int number);
        }

        [Snapshotter]
        internal partial class Example : IRemover
        {
            public Func<string, SnapshotInfo>? Stat { get; init; }

            public required int Usage { get; init; }

            public void Cleanup() { }

            void IRemover.Remove(int number) { }

            internal class Mounts { }
        }
        """));

    [Test]
    public void Partial_methods() => Shape.Verify(new Project(
        """
        namespace Samples;

        [Snapshotter]
        internal partial class Example
        {
            public partial Task Remove(string key);
        }
        """,
        """
        namespace Samples;

        internal partial class Example
        {
            public async partial Task Remove(string key) => await Task.Yield();
        }
        """));

    [Test]
    public void Marked_as_obsolete_or_experimental() => Shape.Verify(new Project("""
        using System.Diagnostics.CodeAnalysis;

        namespace Samples;

        [Obsolete]
        internal partial class Outer
        {
            [Snapshotter]
            [Obsolete("It is old.", DiagnosticId = "OLD1")]
            internal partial class ObsoleteItself
            {
                [Obsolete]
                public void Remove(string key) { }
            }
        }

        [Snapshotter]
        internal partial class OfObsoleteCalls
        {
            [Obsolete("Use Trash.")]
            public void Remove(string key) { }

            [Obsolete("Use Sweep.", DiagnosticId = "OLD2")]
            public void Cleanup() { }

            [Experimental("NEW1")]
            public SnapshotInfo? Stat(string key) => null;
        }

        [Snapshotter]
        [Experimental("NEW2")]
        internal partial class Experiment
        {
            public void Remove(string key) { }
        }

        #pragma warning disable NEW3, NEW4
        [Experimental("NEW3")]
        internal class ExperimentalBase
        {
            [Experimental("NEW4")]
            public virtual void Remove(string key) { }

            public void Cleanup() { }
        }

        [Snapshotter]
        internal partial class OfExperimentalBase : ExperimentalBase
        {
            public override void Remove(string key) { }

            private new void Cleanup() { }
        }
        """));
}
