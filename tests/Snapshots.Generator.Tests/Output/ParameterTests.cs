using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>How arguments are passed, depending on the parameters of methods.</summary>
internal sealed class ParameterTests
{
    [Test]
    public void All_parameters() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotInfo? Stat(string key, SnapshotContext context, CancellationToken cancellationToken) => null;
            public SnapshotInfo? Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths, SnapshotContext context, CancellationToken cancellationToken) => null;
            public SnapshotUsage? Usage(string key, SnapshotContext context, CancellationToken cancellationToken) => null;
            public Mount? Mounts(string key, SnapshotContext context, CancellationToken cancellationToken) => null;
            public Mount Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotContext context, CancellationToken cancellationToken) => Mount.Bind(key);
            public Mount View(string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotContext context, CancellationToken cancellationToken) => Mount.Bind(key);
            public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels, SnapshotContext context, CancellationToken cancellationToken) { }
            public void Remove(string key, SnapshotContext context, CancellationToken cancellationToken) { }
            public SnapshotInfo[] Walk(SnapshotFilter filter, SnapshotContext context, CancellationToken cancellationToken) => Array.Empty<SnapshotInfo>();
            public void Cleanup(SnapshotContext context, CancellationToken cancellationToken) { }
        }
        """));

    [Test]
    public void Any_order_and_any_names_of_context_and_tokens() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public Mount View(CancellationToken stop, IReadOnlyDictionary<string, string> labels, SnapshotContext caller, string parent, string key) => Mount.Bind(key);
            public void Commit(string key, CancellationToken first, string name, CancellationToken second) { }
            public SnapshotInfo? Update(IReadOnlyList<string> fieldPaths, SnapshotInfo info) => null;
        }
        """));

    [Test]
    public void None_at_all() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotInfo? Stat() => null;
            public Mount? Mounts() => null;
            public Mount Prepare() => Mount.Bind("/");
            public void Commit() { }
            public void Remove() { }
            public SnapshotInfo[] Walk() => Array.Empty<SnapshotInfo>();
        }
        """) { EditorConfig = "dotnet_diagnostic.SNAP0029.severity = none" });

    [Test]
    public void Nullability_and_defaults_do_not_count() => Shape.AssertApprovedCalls(new Project("""
        namespace Samples;

        [Snapshotter]
        public partial class Example
        {
            public SnapshotInfo? Stat(string? @key = null, CancellationToken cancellationToken = default) => null;
            public void Commit(string name, string? key, IReadOnlyDictionary<string, string?>? labels) { }
        }
        """));
}
