using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Names in user code that hide names that emitted code uses.</summary>
internal sealed class HidingTests
{
    [Test]
    public void Names_that_emitted_code_has_itself() => Shape.AssertApproved(new Project("""
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

    [TestCase("User.System")]
    [TestCase("User.System.Threading.Tasks")]
    [TestCase("Acme.Snapshots")]
    [TestCase("Containerd")]
    [TestCase("Containerd.Snapshots")]
    [TestCase("Containerd.Snapshots.System")]
    [TestCase("Containerd.Snapshots.CompilerServices")]
    [TestCase("Snapshots")]
    [TestCase("Snapshots.Runtime")]
    [TestCase("System")]
    [TestCase("Global.global.Containerd.System")]
    public void In_namespaces_that_emitted_code_names(string name) => Shape.AssertCompiles(new Project($$"""
        namespace {{name}};

        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void Members_and_type_parameters() => Shape.AssertCompiles(
        new Project("""
            namespace Samples;

            [Snapshotter]
            internal partial class Example<System, Containerd, ValueTask, SnapshotterService, Key>
            {
                public int Stat { get; set; }
                public int call { get; set; }
                public int Reply { get; set; }
                public string? CancellationToken;
                public Action<Mount>? SnapshotContext { get; set; }
                internal class Mount { }
                internal class Task { }
                internal class RemoveCall { }
                internal static class Global { internal class System { } }
                private static int CreateService() => 1;
                private int _snapshotter = CreateService();
                public int snapshotter() => _snapshotter++;
                public void Remove(string key) => CancellationToken = key;
            }

            internal partial class Outer<ISnapshotter, ExampleGrpcService, _snapshotter>
            {
                [Snapshotter]
                internal partial class Example
                {
                    public void Remove(string key) { }
                }
            }
            """),
        classes: 2);

    [Test]
    public void A_type_parameter_named_as_the_emitted_class() => Shape.AssertCompiles(new Project("""
        [Snapshotter]
        internal partial class Example<ExampleGrpcService>
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void Aliases() => Shape.AssertCompiles(new Project("""
        global using Mount = System.String;
        global using ValueTask = System.Int32;
        global using Bind = Containerd.Snapshots.Mount;
        global using Text = string;
        global using Labels = System.Collections.Generic.IReadOnlyDictionary<string, string>;
        using Marked = Containerd.Snapshots.SnapshotterAttribute;

        [type: Marked()]
        internal partial class Example
        {
            public Bind[] View(Text key, Labels labels) => [];
            public Mount Name => "";
        }
        """));
}
