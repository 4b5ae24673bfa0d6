using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Changing a parameter to one that its call has, and removing it.</summary>
internal sealed class ParameterTests
{
    private static readonly Fix Fix = new(new ParameterFixProvider());

    [TestCase("ref string key", "string key", "")]
    [TestCase("in  string /* so */ key", "string /* so */ key", "")]
    [TestCase("ref readonly string key", "string key", "")]
    [TestCase("out string key", "string key", "key = string.Empty;")]
    public Task By_reference(string before, string after, string body) => Fix.AssertTurnsAsync(Remove(before, body), Remove(after, body));

    [Test]
    public Task Params() => Fix.AssertTurnsAsync(Walk("params IReadOnlyList<string> filters"), Walk("IReadOnlyList<string> filters"));

    [TestCase("string key, params string[] more", "string key")]
    [TestCase("string key, ref int number", "string key")]
    [TestCase("string key, in CancellationToken stop", "string key, CancellationToken stop")]
    public Task By_reference_or_params_where_the_call_has_no_such_parameter(string before, string after) => Fix.AssertTurnsAsync(Remove(before), Remove(after));

    [TestCase("ref int key", "string key")]
    [TestCase("in int number", "string key")]
    [TestCase("params string[] keys", "string key")]
    public Task By_reference_or_params_where_the_call_has_another(string before, string after) => Fix.AssertTurnsAsync(Remove(before), Remove(after));

    [Test]
    public Task Variable_arguments() => Fix.AssertTurnsAsync(Remove("string key, __arglist"), Remove("string key"));

    [Test]
    public Task Not_removed_where_the_key_would_be_missing() => Fix.AssertOffersAsync(Remove("__arglist"));

    [TestCase("int key", "string key")]
    [TestCase("string[]? key, CancellationToken stop", "string key, CancellationToken stop")]
    [TestCase("[ConstantExpected] object key", "[ConstantExpected] string key")]
    public Task Of_the_wrong_type(string before, string after) =>
        Fix.AssertTurnsAsync("using System.Diagnostics.CodeAnalysis;\n" + Remove(before), "using System.Diagnostics.CodeAnalysis;\n" + Remove(after));

    [TestCase("string[] filters", "IReadOnlyList<string> filters")]
    [TestCase("string filter", "SnapshotFilter filter")]
    public Task Filter_of_the_wrong_type(string before, string after) => Fix.AssertTurnsAsync(Walk(before), Walk(after));

    [Test]
    public Task Labels_of_the_wrong_type() => Fix.AssertTurnsAsync(Commit("IDictionary<string, string> labels"), Commit("IReadOnlyDictionary<string, string> labels"));

    [TestCase("// A file.\n\n", "// A file.\n\nusing System.Collections.Generic;\n\n")]
    [TestCase("", "using System.Collections.Generic;\n\n")]
    [TestCase("using System;\n\n", "using System;\nusing System.Collections.Generic;\n\n")]
    public Task A_namespace_is_imported_where_the_type_needs_one(string before, string after) => (Fix with { GlobalUsings = false }).AssertTurnsAsync(
        before + Commit("object labels").Replace("[Snap", "[Containerd.Snapshots.Snap", StringComparison.Ordinal),
        after + Commit("IReadOnlyDictionary<string, string> labels").Replace("[Snap", "[Containerd.Snapshots.Snap", StringComparison.Ordinal));

    [TestCase("string Key", "string key")]
    [TestCase("int Key", "string key")]
    [TestCase("string id", "string key")]
    [TestCase("int retries = 3", "string key")]
    [TestCase("string @class", "string key")]
    public Task By_another_name(string before, string after) => Writing("string key").AssertTurnsAsync(Remove(before), Remove(after));

    [Test]
    public Task With_its_uses_and_documentation() => Writing("string key").AssertTurnsAsync(Documented("id"), Documented("key"));

    [Test]
    public Task Not_where_the_name_is_taken() => Fix.AssertOffersAsync(Remove("string id", "var key = id; _ = key;"));

    [Test]
    public Task Not_without_what_the_body_uses() => Fix.AssertOffersAsync(Remove("string id", "_ = id;"), "Write 'string key'");

    [TestCase("string key, int retries", "string key")]
    [TestCase("int retries, string key", "string key")]
    [TestCase("string key, int retries, CancellationToken stop", "string key, CancellationToken stop")]
    [TestCase("SnapshotContext context, string key, SnapshotContext other", "SnapshotContext context, string key")]
    public Task Removed(string before, string after) => Fix.AssertTurnsAsync(Remove(before), Remove(after));

    [Test]
    public Task One_of_two_filters() => Fix.AssertTurnsAsync(Walk("SnapshotFilter filter, IReadOnlyList<string> filters"), Walk("SnapshotFilter filter"));

    [Test]
    public Task Removed_with_its_documentation() => Fix.AssertTurnsAsync(
        """
        [Snapshotter]
        internal partial class Example
        {
            /// <summary>Removes.</summary>
            /// <param name="key">The key.</param>
            /// <param name="retries">How often.</param>
            public void Remove(
                string key,
                int retries)
            {
            }
        }
        """,
        """
        [Snapshotter]
        internal partial class Example
        {
            /// <summary>Removes.</summary>
            /// <param name="key">The key.</param>
            public void Remove(
                string key)
            {
            }
        }
        """);

    [TestCase("int a, int b, string key, int c, int d", "string key")]
    [TestCase("string key, int a, int b", "string key")]
    [TestCase("int a, string key, int b, CancellationToken stop", "string key, CancellationToken stop")]
    public Task All_that_are_removed_in_a_document(string before, string after) => Fix.AssertTurnsAllAsync(Remove(before), Remove(after));

    [Test]
    public Task All_that_are_written_anew_in_a_document() => Writing("string key").AssertTurnsAllAsync(
        Remove("int Key", "_ = Key;") + Remove("string id").Replace("Example", "Another", StringComparison.Ordinal),
        Remove("string key", "_ = key;") + Remove("string key").Replace("Example", "Another", StringComparison.Ordinal));

    private static Fix Writing(string parameter) => Fix with { Title = $"Write '{parameter}'" };

    private static string Documented(string name) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            /// <summary>Removes <paramref name="{{name}}"/>.</summary>
            /// <param name="{{name}}">The id.</param>
            public void Remove(string {{name}})
            {
                Action<string> another = _ => { };
                another(nameof({{name}}));
                if ({{name}}.Length > 0)
                    Remove(new { id = {{name}} }.id);
            }
        }
        """;

    private static string Remove(string parameters, string body = "") => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove({{parameters}}) { {{body}} }
        }

        """;

    private static string Commit(string parameter) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Commit(string name, string key, {{parameter}}) { }
        }
        """;

    private static string Walk(string parameter) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public IEnumerable<SnapshotInfo> Walk({{parameter}}) => Array.Empty<SnapshotInfo>();
        }
        """;
}
