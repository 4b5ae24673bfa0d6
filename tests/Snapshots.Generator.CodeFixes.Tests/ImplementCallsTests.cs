using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Writing the missing calls of a class.</summary>
internal sealed class ImplementCallsTests
{
    private const string Needed = "Implement the calls that containerd needs";
    private const string All = "Implement all missing calls";

    private static readonly Fix Fix = new(new ImplementCallsFixProvider());

    [Test]
    public Task Both_are_offered() => Fix.AssertOffersAsync(Empty, Needed, All);

    [Test]
    public Task Only_one_where_it_is_the_same() => Fix.AssertOffersAsync("""
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
    public Task All_calls() => (Fix with { Title = All }).AssertTurnsAsync(Empty, """
        /// <summary>An example.</summary>
        [Snapshotter]
        public partial class Example
        {
            /// <summary>Returns the snapshot's information, or null if the key does not exist.</summary>
            public SnapshotInfo? Stat(string key) => throw new NotImplementedException();

            /// <summary>Replaces all labels of a snapshot, or those in the field paths, and returns its information, or null if it does not exist.</summary>
            public SnapshotInfo? Update(SnapshotInfo info, IReadOnlyList<string> fieldPaths) => throw new NotImplementedException();

            /// <summary>Returns the disk usage of a snapshot without its parents, or null if the key does not exist.</summary>
            public SnapshotUsage? Usage(string key) => throw new NotImplementedException();

            /// <summary>Returns the mounts of an active snapshot or a view, or null if the key does not exist.</summary>
            public IReadOnlyList<Mount>? Mounts(string key) => throw new NotImplementedException();

            /// <summary>Creates a writable snapshot on a committed parent, or without a parent if that is empty.</summary>
            public IReadOnlyList<Mount> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

            /// <summary>Creates a read-only snapshot on a committed parent, or without a parent if that is empty. It is never committed.</summary>
            public IReadOnlyList<Mount> View(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

            /// <summary>Turns the active snapshot of this key into the committed snapshot of this name; the labels replace its own.</summary>
            public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

            /// <summary>Removes a snapshot and frees its key at once, unless other snapshots have it as their parent.</summary>
            public void Remove(string key) => throw new NotImplementedException();

            /// <summary>Lists all snapshots that match the filter.</summary>
            public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();

            /// <summary>Frees the disk space of removed snapshots.</summary>
            public void Cleanup() => throw new NotImplementedException();
        }
        """);

    [TestCase("using System;\nusing System.Collections.Generic;\nusing Containerd.Snapshots;\n\n", "using System;\nusing System.Collections.Generic;\nusing Containerd.Snapshots;\n\n")]
    [TestCase("using Containerd.Snapshots;\n\n", "using System;\nusing System.Collections.Generic;\nusing Containerd.Snapshots;\n\n")]
    public Task Needed_calls_beside_others_with_the_namespaces_that_they_need(string before, string after) =>
        (Fix with { Title = Needed, GlobalUsings = false }).AssertTurnsAsync(
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

                    /// <summary>Returns the mounts of an active snapshot or a view, or null if the key does not exist.</summary>
                    public IReadOnlyList<Mount>? Mounts(string key) => throw new NotImplementedException();

                    /// <summary>Turns the active snapshot of this key into the committed snapshot of this name; the labels replace its own.</summary>
                    public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

                    /// <summary>Lists all snapshots that match the filter.</summary>
                    public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();
                }
            }
            """);

    [TestCase("class Example;", "class Example\n{\n")]
    [TestCase("class Example { }", "class Example {\n")]
    [TestCase("class Example {}", "class Example {\n")]
    [TestCase("class Example\n{\n}", "class Example\n{\n")]
    public Task Any_form_of_an_empty_class(string before, string after) => (Fix with { Title = Needed }).AssertTurnsAsync(
        "#nullable disable\n[Snapshotter]\ninternal partial " + before,
        "#nullable disable\n[Snapshotter]\ninternal partial " + after + """
                /// <summary>Returns the snapshot's information, or null if the key does not exist.</summary>
                public SnapshotInfo Stat(string key) => throw new NotImplementedException();

                /// <summary>Returns the mounts of an active snapshot or a view, or null if the key does not exist.</summary>
                public IReadOnlyList<Mount> Mounts(string key) => throw new NotImplementedException();

                /// <summary>Creates a writable snapshot on a committed parent, or without a parent if that is empty.</summary>
                public IReadOnlyList<Mount> Prepare(string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

                /// <summary>Turns the active snapshot of this key into the committed snapshot of this name; the labels replace its own.</summary>
                public void Commit(string name, string key, string parent, IReadOnlyDictionary<string, string> labels) => throw new NotImplementedException();

                /// <summary>Removes a snapshot and frees its key at once, unless other snapshots have it as their parent.</summary>
                public void Remove(string key) => throw new NotImplementedException();

                /// <summary>Lists all snapshots that match the filter.</summary>
                public IEnumerable<SnapshotInfo> Walk(SnapshotFilter filter) => throw new NotImplementedException();
            }
            """);

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(Several(""), Several("""


                /// <summary>Lists all snapshots that match the filter.</summary>
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
            public void Commit(string name, string key) { }
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
