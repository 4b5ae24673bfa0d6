using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Emitted code uses obsolete and experimental members without warnings.</summary>
internal sealed class MarkTests
{
    [Test]
    public void Marked_as_obsolete_or_experimental() => Shape.AssertApproved(new Project("""
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

    [Test]
    public void Marked_as_an_error_to_use() => Shape.AssertApproved(new Project("""
        using System.Diagnostics.CodeAnalysis;

        namespace Samples;

        [Snapshotter]
        [Obsolete("It is old.", error: true)]
        internal partial class Example
        {
            [Obsolete("Use Trash.", error: true)]
            [Experimental("NEW1")]
            public void Remove(string key) { }

            [Experimental("NEW2")]
            public void Cleanup() { }
        }
        """));

    [TestCase("[Obsolete(\"It is old.\", error: true)]", "")]
    [TestCase("", "[Obsolete(\"It is old.\", DiagnosticId = \"no name\\n#error\")]")]
    [TestCase("[Obsolete]", "[Experimental(\"NEW1\")]")]
    [TestCase("[Experimental(\"NEW1\")]", "[Obsolete(\"It is old.\", error: true)]")]
    public void Obsolete_or_experimental_by_what_they_are_in(string type, string method) => Shape.AssertCompiles(
        new Project($$"""
            using System.Diagnostics.CodeAnalysis;

            {{type}}
            internal partial class Outer
            {
                [Snapshotter]
                internal partial class Example
                {
                    {{method}}
                    public void Remove(string key) { }
                }

                internal class Base<T>
                {
                    {{method}}
                    public void Remove(string key) { }
                }
            }

            #pragma warning disable NEW1
            [Snapshotter]
            [Obsolete]
            internal partial class Example : Outer.Base<Outer>
            {
                private new void Remove(string key) { }
            }

            {{(type.Contains("Obsolete", StringComparison.Ordinal) ? "[Obsolete] " : "")}}
            [Snapshotter]
            internal partial class Other : Outer.Base<Outer>
            {
            }
            """),
        classes: 3);
}
