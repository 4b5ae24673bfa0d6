using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Names that emitted code has to cope with.</summary>
internal sealed class NameTests
{
    [Test]
    public void Global_namespace() => Shape.Verify(new Project("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void Names_that_are_keywords() => Shape.Verify(new Project("""
        namespace @class.@new;

        internal partial class @event<@int>
        {
            [Snapshotter]
            internal partial class @record<@await>
            {
                public void Remove(string @key) { }
            }
        }
        """));

    [Test]
    public void Names_in_any_script() => Shape.Verify(new Project("""
        namespace Größe.हिन्दी;

        [Snapshotter]
        internal partial class Tie‿Bar
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void Names_that_emitted_code_has_itself() => Shape.Verify(new Project("""
        namespace System.Threading.Tasks.Containerd.Snapshots;

        internal class CompilerServices { }

        [Snapshotter]
        internal partial class Calls
        {
            private readonly int _snapshotter = 1;

            public int Number => _snapshotter;

            public void Remove(string key) { }

            private static class CallsGrpcService { }
        }

        [Snapshotter]
        internal partial class ValueTask
        {
            public void Remove(string key) { }
        }
        """));
}
