using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Writing the calls that a class lacks.</summary>
internal sealed class ImplementCallsTests
{
    private const string Needed = "Implement the calls that containerd cannot do without";
    private const string All = "Implement all missing calls";

    private static readonly Fix Fix = new(new ImplementCallsFixProvider());

    [Test]
    public Task Both_are_offered() => Fix.OffersAsync(Empty, Needed, All);

    [Test]
    public Task Only_one_where_it_is_the_same() => Fix.OffersAsync("""
        [Snapshotter]
        internal partial class Example
        {
            public IReadOnlyList<Mount> Prepare(string key) => Array.Empty<Mount>();
            public IReadOnlyList<Mount> View(string key) => Array.Empty<Mount>();
            public SnapshotInfo? Update(SnapshotInfo info) => null;
            public SnapshotUsage? Usage(string key) => null;
            public void Cleanup() { }
        }
        """, Needed);

    [Test]
    public Task All_calls() => (Fix with { Title = All }).TurnsAsync(Empty, """
        /// <summary>An example.</summary>
        [Snapshotter]
        public partial class Example
        {
            /// <summary>Tells of a snapshot of any kind; null: there is none of this key.</summary>
            public SnapshotInfo? Stat(string key) => throw new NotImplementedException();

            /// <summary>Replaces the labels of a snapshot, or those that the field paths name, and tells of it; null: there is none.</summary>
            public SnapshotInfo? Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths) => throw new NotImplementedException();

            /// <summary>Measures what a snapshot takes up by itself, without its parents; null: there is none of this key.</summary>
            public SnapshotUsage? Usage(string key) => throw new NotImplementedException();

            /// <summary>Gives the mounts of an active snapshot or a view once more; null: there is none of this key.</summary>
            public IReadOnlyList<Mount>? Mounts(string key) => throw new NotImplementedException();

            /// <summary>Makes an active snapshot, writable, on a committed parent or, where that is empty, on nothing.</summary>
            public IReadOnlyList<Mount> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

            /// <summary>Makes a read-only snapshot, which is never committed, on a committed parent or, where that is empty, on nothing.</summary>
            public IReadOnlyList<Mount> View(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

            /// <summary>Makes the active snapshot of this key the committed one of this name; the labels replace its own.</summary>
            public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

            /// <summary>Removes a snapshot, whose key is free at once, unless others are made on it.</summary>
            public void Remove(string key) => throw new NotImplementedException();

            /// <summary>Lists all snapshots that the filter matches, as Stat tells of each.</summary>
            public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();

            /// <summary>Frees the disk space of snapshots that are removed.</summary>
            public void Cleanup() => throw new NotImplementedException();
        }
        """);

    [TestCase("using System;\nusing System.Collections.Generic;\nusing Containerd.Snapshots;\n\n", "using System;\nusing System.Collections.Generic;\nusing Containerd.Snapshots;\n\n")]
    [TestCase("using Containerd.Snapshots;\n\n", "using Containerd.Snapshots;\nusing System;\nusing System.Collections.Generic;\n\n")]
    public Task Needed_calls_beside_others_with_the_namespaces_that_they_need(string before, string after) =>
        (Fix with { Title = Needed, GlobalUsings = false }).TurnsAsync(
            before + """
            internal static partial class Outer
            {
                [Snapshotter]
                internal partial class Example
                {
                    public Mount Prepare(string key) => null!;

                    public SnapshotInfo? Stat(string key) => null;

                    public void Remove(string key) { }

                    // The end.
                }
            }
            """,
            after + """
            internal static partial class Outer
            {
                [Snapshotter]
                internal partial class Example
                {
                    public Mount Prepare(string key) => null!;

                    public SnapshotInfo? Stat(string key) => null;

                    public void Remove(string key) { }

                    // The end.

                    /// <summary>Gives the mounts of an active snapshot or a view once more; null: there is none of this key.</summary>
                    public IReadOnlyList<Mount>? Mounts(string key) => throw new NotImplementedException();

                    /// <summary>Makes the active snapshot of this key the committed one of this name; the labels replace its own.</summary>
                    public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

                    /// <summary>Lists all snapshots that the filter matches, as Stat tells of each.</summary>
                    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();
                }
            }
            """);

    [TestCase("class Example;", "class Example\n{\n")]
    [TestCase("class Example { }", "class Example {\n")]
    [TestCase("class Example {}", "class Example {\n")]
    [TestCase("class Example\n{\n}", "class Example\n{\n")]
    public Task Any_form_of_an_empty_class(string before, string after) => (Fix with { Title = Needed }).TurnsAsync(
        "#nullable disable\n[Snapshotter]\ninternal partial " + before,
        "#nullable disable\n[Snapshotter]\ninternal partial " + after + """
                /// <summary>Tells of a snapshot of any kind; null: there is none of this key.</summary>
                public SnapshotInfo Stat(string key) => throw new NotImplementedException();

                /// <summary>Gives the mounts of an active snapshot or a view once more; null: there is none of this key.</summary>
                public IReadOnlyList<Mount> Mounts(string key) => throw new NotImplementedException();

                /// <summary>Makes an active snapshot, writable, on a committed parent or, where that is empty, on nothing.</summary>
                public IReadOnlyList<Mount> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

                /// <summary>Makes the active snapshot of this key the committed one of this name; the labels replace its own.</summary>
                public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

                /// <summary>Removes a snapshot, whose key is free at once, unless others are made on it.</summary>
                public void Remove(string key) => throw new NotImplementedException();

                /// <summary>Lists all snapshots that the filter matches, as Stat tells of each.</summary>
                public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();
            }
            """);

    [Test]
    public Task All_in_a_document() => Fix.TurnsAllAsync(Several(""), Several("""


                /// <summary>Lists all snapshots that the filter matches, as Stat tells of each.</summary>
                public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();
            """));

    private static string Several(string walk) => AllButWalk("One", walk) + AllButWalk("Two", walk);

    private static string AllButWalk(string name, string walk) => $$"""
        [Snapshotter]
        internal partial class {{name}}
        {
            public IReadOnlyList<Mount> Prepare(string key) => Array.Empty<Mount>();
            public IReadOnlyList<Mount> View(string key) => Array.Empty<Mount>();
            public IReadOnlyList<Mount> Mounts(string key) => Array.Empty<Mount>();
            public SnapshotInfo? Stat(string key) => null;
            public SnapshotInfo? Update(SnapshotInfo info) => null;
            public SnapshotUsage? Usage(string key) => null;
            public void Commit(string name) { }
            public void Remove(string key) { }
            public void Cleanup() { }{{walk}}
        }

        """;

    private const string Empty = """
        /// <summary>An example.</summary>
        [Snapshotter]
        public partial class Example
        {
        }
        """;
}
