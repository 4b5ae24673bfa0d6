using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Calls that go to another object.</summary>
internal sealed class FallbackTests
{
    private const string Part = """
        namespace Samples;

        internal class Part
        {
            public SnapshotInfo? Stat(string key) => null;
            public void Remove(string key) { }
            public Task RemoveAsync(string key, CancellationToken cancellationToken) => Task.CompletedTask;
            public Task RemoveAsync(string key) => Task.CompletedTask;
            public IEnumerable<SnapshotInfo> Walk() => Array.Empty<SnapshotInfo>();
            internal void Cleanup() { }
        }

        """;

    [Test]
    public void To_the_methods_of_a_type() => Shape.AssertApproved(new Project(Part + """
        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback]
            private readonly Part? _part = new();

            public SnapshotInfo? Stat(string key) => _part?.Stat(key);
        }
        """));

    [Test]
    public void To_a_snapshotter() => Shape.AssertApproved(new Project("""
        namespace Samples;

        [Snapshotter]
        internal partial class Part
        {
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback]
            private Part? @class { get; set; }

            public SnapshotInfo? Stat(string key) => null;
        }
        """));

    [Test]
    public void To_interfaces_and_base_classes() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        internal interface IRemove { void Remove(string key); }
        internal interface ICleanup { void Cleanup(); }
        internal interface IPart : IRemove, ICleanup { SnapshotInfo? Stat(string key); }
        internal class Base { public void Remove(string key) { } }
        internal class Derived : Base { private new void Remove(string key) { } public void Cleanup() { } }

        internal class Holder { [SnapshotterFallback] protected Derived? Part = new(); }

        [Snapshotter]
        internal partial class Example : Holder
        {
        }

        [Snapshotter]
        internal partial class Other<T>
            where T : class, IPart
        {
            [SnapshotterFallback]
            private readonly IPart _part = null!;
        }
        """));

    [Test]
    public void To_a_struct_and_a_generic_type() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        internal struct Part<T> { public void Remove(string key) { } }

        [Snapshotter]
        internal partial record Example([property: SnapshotterFallback] Part<Example> Fallback)
        {
            public void Cleanup() { }
        }
        """));

    [Test]
    public void To_what_is_obsolete_or_experimental() => Shape.AssertCompiles(new Project("""
        namespace Samples;

        internal class Part
        {
            [Obsolete("Old.", error: true)] public void Remove(string key) { }
            [System.Diagnostics.CodeAnalysis.Experimental("TEST01")] public void Cleanup() { }
        }

        [Snapshotter]
        internal partial class Example
        {
            [SnapshotterFallback]
            private readonly Part _part = new();
        }
        """));

    [Test]
    public void To_a_snapshotter_of_another_assembly()
    {
        var library = new Project("""
            namespace Library;

            [Snapshotter]
            public partial class Part
            {
                public void Remove(string key) { }
                internal void Cleanup() { }
            }
            """) { Name = "Library" };

        Shape.AssertApprovedCalls(new Project("""
            namespace Samples;

            [Snapshotter]
            internal partial class Example
            {
                [SnapshotterFallback]
                private readonly Library.Part _part = new();
            }
            """) { MoreReferences = [library.Generate().ToReference()] });
    }
}
